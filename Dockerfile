# One image for each service: docker build --build-arg SERVICE=workflows -t lintel-workflows .
# The builder stage is the same for all of them and is built once.
ARG DEBIAN_IMAGE=debian:bookworm
ARG DEBIAN_SLIM_IMAGE=debian:bookworm-slim

FROM ${DEBIAN_IMAGE} AS builder
ENV DEBIAN_FRONTEND=noninteractive
COPY scripts/lib/packages.sh /tmp/packages.sh
RUN apt-get update \
    && apt-get install -y --no-install-recommends $(bash -c '. /tmp/packages.sh && packages_of build') \
    && rm -rf /var/lib/apt/lists/*
WORKDIR /src
COPY . .
RUN cmake --preset release \
    && cmake --build --preset release \
    && cmake --install build/release --prefix /opt/lintel --strip

FROM ${DEBIAN_SLIM_IMAGE} AS runtime
ENV DEBIAN_FRONTEND=noninteractive
COPY scripts/lib/packages.sh /tmp/packages.sh
RUN apt-get update \
    && apt-get install -y --no-install-recommends $(bash -c '. /tmp/packages.sh && packages_of libraries') \
    && rm -rf /var/lib/apt/lists/* /tmp/packages.sh \
    && useradd --system --user-group --uid 10001 --no-create-home --home-dir /nonexistent --shell /usr/sbin/nologin lintel
ARG SERVICE=main
COPY --from=builder /opt/lintel/bin/lintel-${SERVICE} /usr/local/bin/
RUN ln -s lintel-${SERVICE} /usr/local/bin/lintel
USER lintel
ENV HTTP_HOST=0.0.0.0 OPS_HOST=0.0.0.0
# Not ready is unhealthy; the settings of the container tell the program where its own ops listener is.
HEALTHCHECK --interval=5s --timeout=3s --start-period=10s --retries=3 CMD ["/usr/local/bin/lintel", "--healthcheck"]
STOPSIGNAL SIGTERM
ENTRYPOINT ["/usr/local/bin/lintel"]
