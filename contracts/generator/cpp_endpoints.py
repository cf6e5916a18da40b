"""The header of a service's endpoints: a trait for each, which messaging's client and service are parameterised with."""

import json

from cpp_types import comment
from naming import pascal, snake

HEADER = """\
// Generated from contracts/. Do not edit.
#pragma once

#include <string>
#include <string_view>

#include <nlohmann/json_fwd.hpp>

{includes}
namespace lintel::contracts {{

{traits}
}}  // namespace lintel::contracts
"""

TRAIT = """\
{comment}struct {name} {{
    /// The endpoint's name in the NATS services protocol (ADR-32), which takes no dots.
    static constexpr std::string_view kName = {endpoint};
    static constexpr std::string_view kSubject = {subject};
    static constexpr std::string_view kQueueGroup = {queue_group};
    static constexpr std::string_view kService = {service};

    using Request = contracts::{request};
    using Reply = contracts::{reply};

    static Request parse_request(const nlohmann::json& json) {{ return parse_{request_snake}(json); }}
    /// Passes over fields it does not know, which a peer of a newer release may send.
    static Reply parse_reply(const nlohmann::json& json)
    {{
        return parse_{reply_snake}(json, UnknownFields::ignore);
    }}
{writers}}};
"""


def header(endpoints, types):
    contexts = sorted({types[name].context for endpoint in endpoints for name in (endpoint.request, endpoint.reply)})
    includes = "".join(f'#include "lintel/contracts/{context}.hpp"\n' for context in contexts)
    return HEADER.format(includes=includes, traits="\n".join(_trait(endpoint) for endpoint in endpoints))


def _trait(endpoint):
    names = [endpoint.request] + [endpoint.reply] * (endpoint.reply != endpoint.request)
    writers = "".join(f"    static std::string to_json(const contracts::{name}& value) {{ return contracts::to_json(value); }}\n"
                      for name in names)
    return TRAIT.format(
        comment=comment(endpoint.summary), name=pascal(endpoint.subject),
        endpoint=json.dumps(endpoint.subject.replace(".", "-")), subject=json.dumps(endpoint.subject),
        queue_group=json.dumps(endpoint.queue_group), service=json.dumps(endpoint.service),
        request=endpoint.request, reply=endpoint.reply, request_snake=snake(endpoint.request),
        reply_snake=snake(endpoint.reply), writers=writers)
