/* What nats.c itself reaches at request-reply: the yardstick for libs/messaging.
 *
 *   raw_echo serve URL                                   a queue subscription that echoes, until SIGTERM
 *   raw_echo sync  URL CALLERS  WARMUP_MS DURATION_MS    natsConnection_Request from CALLERS threads
 *   raw_echo async URL IN_FLIGHT WARMUP_MS DURATION_MS   one inbox, IN_FLIGHT requests at any time
 *
 * RAW_ECHO_FLUSH=timer uses the library's default flusher (a write every millisecond) instead of one write
 * per message. sync and async print one JSON object. */

#define _POSIX_C_SOURCE 200809L

#include <nats/nats.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

static const char kSubject[] = "bench.echo";
static const char kQueue[] = "bench-service";
static char kPayload[203]; /* a JSON string of 200 bytes, as large as the one of libs/messaging/bench */

enum { kMaxCallers = 4096, kMaxSamples = 4 * 1000 * 1000 };

typedef struct {
    natsConnection* connection;
    int64_t measured_from;
    int64_t measured_until;
    uint32_t* samples_us; /* of all callers; filled by atomic index */
    atomic_size_t sample_count;
    atomic_size_t errors;
} Run;

static int64_t now_ns(void)
{
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return (int64_t)time.tv_sec * 1000000000 + time.tv_nsec;
}

static void require(natsStatus status, const char* what)
{
    if (status != NATS_OK) {
        fprintf(stderr, "raw_echo: %s: %s\n", what, natsStatus_GetText(status));
        exit(1);
    }
}

static natsConnection* connect_to(const char* url)
{
    const char* flush = getenv("RAW_ECHO_FLUSH");
    natsOptions* options = NULL;
    natsConnection* connection = NULL;
    require(natsOptions_Create(&options), "options");
    require(natsOptions_SetURL(options, url), "url");
    require(natsOptions_SetSendAsap(options, flush == NULL || strcmp(flush, "timer") != 0), "flush");
    require(natsConnection_Connect(&connection, options), "connect");
    natsOptions_Destroy(options);
    return connection;
}

static void record(Run* run, int64_t sent_at)
{
    const int64_t now = now_ns();
    if (now < run->measured_from || now >= run->measured_until) {
        return;
    }
    const size_t index = atomic_fetch_add_explicit(&run->sample_count, 1, memory_order_relaxed);
    if (index < kMaxSamples) {
        run->samples_us[index] = (uint32_t)((now - sent_at) / 1000);
    }
}

/* The server. */

static void echo(natsConnection* connection, natsSubscription* subscription, natsMsg* message, void* closure)
{
    (void)subscription;
    (void)closure;
    natsConnection_Publish(connection, natsMsg_GetReply(message), natsMsg_GetData(message),
                           natsMsg_GetDataLength(message));
    natsMsg_Destroy(message);
}

static int serve(const char* url)
{
    sigset_t stop;
    sigemptyset(&stop);
    sigaddset(&stop, SIGTERM);
    sigaddset(&stop, SIGINT);
    pthread_sigmask(SIG_BLOCK, &stop, NULL);

    natsConnection* connection = connect_to(url);
    natsSubscription* subscription = NULL;
    require(natsConnection_QueueSubscribe(&subscription, connection, kSubject, kQueue, echo, NULL),
            "subscribe");
    require(natsConnection_Flush(connection), "flush");
    puts("ready");
    fflush(stdout);
    int signal_number = 0;
    sigwait(&stop, &signal_number);
    natsSubscription_Destroy(subscription);
    natsConnection_Destroy(connection);
    return 0;
}

/* The client that waits in a thread for each request. */

static void* call_in_a_loop(void* argument)
{
    Run* run = argument;
    while (now_ns() < run->measured_until) {
        natsMsg* reply = NULL;
        const int64_t sent_at = now_ns();
        const natsStatus status = natsConnection_Request(&reply, run->connection, kSubject, kPayload,
                                                         (int)sizeof kPayload - 1, 2000);
        if (status == NATS_OK) {
            record(run, sent_at);
        } else {
            atomic_fetch_add(&run->errors, 1);
        }
        natsMsg_Destroy(reply);
    }
    return NULL;
}

static void run_sync(Run* run, unsigned callers)
{
    pthread_t threads[kMaxCallers];
    for (unsigned i = 0; i < callers; ++i) {
        if (pthread_create(&threads[i], NULL, call_in_a_loop, run) != 0) {
            fprintf(stderr, "raw_echo: cannot start thread %u\n", i);
            exit(1);
        }
    }
    for (unsigned i = 0; i < callers; ++i) {
        pthread_join(threads[i], NULL);
    }
}

/* The client with one inbox: the slot of a request is the last token of its reply subject. */

typedef struct {
    Run* run;
    char inbox[64];
    int64_t sent_at[kMaxCallers];
} Slots;

static void send_from(Slots* slots, unsigned slot)
{
    char reply[80];
    snprintf(reply, sizeof reply, "%s.%u", slots->inbox, slot);
    slots->sent_at[slot] = now_ns();
    if (natsConnection_PublishRequest(slots->run->connection, kSubject, reply, kPayload,
                                      (int)sizeof kPayload - 1) != NATS_OK) {
        atomic_fetch_add(&slots->run->errors, 1);
    }
}

static void on_reply(natsConnection* connection, natsSubscription* subscription, natsMsg* message,
                     void* closure)
{
    (void)connection;
    (void)subscription;
    Slots* slots = closure;
    const char* token = strrchr(natsMsg_GetSubject(message), '.') + 1;
    const unsigned slot = (unsigned)strtoul(token, NULL, 10);
    if (natsMsg_IsNoResponders(message)) {
        atomic_fetch_add(&slots->run->errors, 1);
    } else {
        record(slots->run, slots->sent_at[slot]);
    }
    natsMsg_Destroy(message);
    if (now_ns() < slots->run->measured_until) {
        send_from(slots, slot);
    }
}

static void run_async(Run* run, unsigned in_flight)
{
    static Slots slots;
    natsInbox* inbox = NULL;
    natsSubscription* subscription = NULL;
    char wildcard[80];
    slots.run = run;
    require(natsInbox_Create(&inbox), "inbox");
    snprintf(slots.inbox, sizeof slots.inbox, "%s", inbox);
    snprintf(wildcard, sizeof wildcard, "%s.*", inbox);
    natsInbox_Destroy(inbox);
    require(natsConnection_Subscribe(&subscription, run->connection, wildcard, on_reply, &slots),
            "subscribe");
    for (unsigned i = 0; i < in_flight; ++i) {
        send_from(&slots, i);
    }
    while (now_ns() < run->measured_until + 200 * 1000000) {
        nats_Sleep(50);
    }
    natsSubscription_Destroy(subscription);
}

static int by_value(const void* left, const void* right)
{
    const uint32_t a = *(const uint32_t*)left;
    const uint32_t b = *(const uint32_t*)right;
    return (a > b) - (a < b);
}

static void report(Run* run)
{
    const size_t count = atomic_load(&run->sample_count);
    const size_t kept = count < kMaxSamples ? count : kMaxSamples;
    const double seconds = (double)(run->measured_until - run->measured_from) / 1e9;
    qsort(run->samples_us, kept, sizeof run->samples_us[0], by_value);
    const double p50 = kept == 0 ? 0 : run->samples_us[kept / 2] / 1000.0;
    const double p99 = kept == 0 ? 0 : run->samples_us[kept * 99 / 100] / 1000.0;
    printf("{\"requests\":%zu,\"seconds\":%.3f,\"rate\":%.1f,\"p50Ms\":%.3f,\"p99Ms\":%.3f,\"errors\":%zu}\n",
           count, seconds, (double)count / seconds, p50, p99, atomic_load(&run->errors));
}

int main(int argc, char** argv)
{
    memset(kPayload, 'x', sizeof kPayload - 1);
    kPayload[0] = kPayload[sizeof kPayload - 2] = '"';
    if (argc == 3 && strcmp(argv[1], "serve") == 0) {
        return serve(argv[2]);
    }
    const int is_async = argc == 6 && strcmp(argv[1], "async") == 0;
    const unsigned concurrency = argc == 6 ? (unsigned)strtoul(argv[3], NULL, 10) : 0;
    if (argc != 6 || (!is_async && strcmp(argv[1], "sync") != 0) || concurrency == 0 ||
        concurrency > kMaxCallers) {
        fprintf(stderr, "raw_echo serve URL | sync|async URL CONCURRENCY WARMUP_MS DURATION_MS\n");
        return 2;
    }
    Run run = {.connection = connect_to(argv[2])};
    run.samples_us = malloc(sizeof(uint32_t) * kMaxSamples);
    if (run.samples_us == NULL) {
        return 1;
    }
    run.measured_from = now_ns() + strtoll(argv[4], NULL, 10) * 1000000;
    run.measured_until = run.measured_from + strtoll(argv[5], NULL, 10) * 1000000;
    if (is_async) {
        run_async(&run, concurrency);
    } else {
        run_sync(&run, concurrency);
    }
    report(&run);
    free(run.samples_us);
    natsConnection_Destroy(run.connection);
    nats_Close();
    return 0;
}
