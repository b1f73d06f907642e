// The part of Sensor that looks at what TCP connections begin with.
#include <algorithm>
#include <bit>

#include "agent/network/sensor/recognise/http.h"
#include "agent/network/sensor/sensor.h"

namespace assay::agent::sensor {
namespace {

std::uint8_t service_of(std::string_view name) {
  const auto* found = find_recogniser(name);
  return static_cast<std::uint8_t>(found - recognisers().data() + 1);
}
std::uint8_t http() {
  static const auto kService = service_of("http");
  return kService;
}
std::uint8_t dns() {
  static const auto kService = service_of("dns");
  return kService;
}
std::uint8_t tls() {
  static const auto kService = service_of("tls");
  return kService;
}

}  // namespace

void Sensor::look_at_segment(const Packet& packet, Side sender, Flow* flow) {
  if ((packet.tcp_flags & kSyn) != 0) {
    flow->begin_sequence[sender] = packet.sequence + 1;
    flow->has_begin[sender] = true;
  }
  if ((packet.tcp_flags & kFin) != 0) flow->ended |= static_cast<std::uint8_t>(1U << sender);
  if (flow->stream == kStreamDone) {
    if (flow->is_later_http && sender == flow->client) look_at_request(packet, flow);
  } else if (flow->stream != kNoStream && streams_.at(flow->stream).is_read_on) {
    if (sender == flow->client) read_on(packet.sequence, packet.payload, flow);
  } else if (!packet.payload.empty()) {
    if (flow->stream == kNoStream && !open_stream(packet, flow)) return;
    auto& stream = streams_.at(flow->stream);
    auto& half = stream.halves[sender];
    if (flow->has_begin[sender]) half.start_at(flow->begin_sequence[sender], true);
    // With TCP Fast Open the SYN bears data, which its own number comes before.
    const auto at = packet.sequence + ((packet.tcp_flags & kSyn) != 0 ? 1U : 0U);
    if (half.add(at, packet.payload)) {
      streams_.use(flow->stream);
      look(flow, stream, false);
      // From here on there is room for what of this segment was too much before.
      if (flow->stream < kStreamDone && stream.is_read_on && sender == flow->client)
        read_on(at, packet.payload, flow);
    }
  }
  const bool is_over = (packet.tcp_flags & kRst) != 0 || flow->ended == 3;
  if (is_over && flow->stream < kStreamDone) {
    look(flow, streams_.at(flow->stream), true);
    if (flow->stream < kStreamDone) end_stream(flow);
  }
}

bool Sensor::open_stream(const Packet& packet, Flow* flow) {
  const auto taken = streams_.take(flows_.index_of(*flow));
  if (taken.evicted_flow != StreamPool::kNone)
    flows_.at(taken.evicted_flow).stream = kStreamDone;  // counted by the pool
  flow->stream = taken.index;
  auto& stream = streams_.at(taken.index);
  const auto all = static_cast<std::uint32_t>((1ULL << recognisers().size()) - 1);
  // Who began is certain only when the SYN was seen.
  stream.candidates = {all, flow->began == Began::kOpening ? 0 : all};
  return !packet.payload.empty();
}

void Sensor::end_stream(Flow* flow) {
  for (const auto& half : streams_.at(flow->stream).halves)
    if (half.is_lost()) ++counts_.streams_with_holes;
  streams_.release(flow->stream);
  flow->stream = kStreamDone;
}

void Sensor::look(Flow* flow, Stream& stream, bool is_last) {
  if (stream.is_read_on) {
    if (is_last) end_stream(flow);
    return;
  }
  const auto& client = stream.halves[flow->client];
  const auto& server = stream.halves[flow->server()];
  const bool is_all = is_last || (client.is_full() && server.is_full());
  const Exchange exchange{client.bytes(), server.bytes(), is_all};
  const auto end = [&] {
    if (is_last || !begin_to_read_on(flow, stream)) end_stream(flow);
  };
  if (look_one_way(flow, exchange, &stream.candidates[0], false)) return end();
  if (stream.candidates[1] != 0) {
    const Exchange turned{server.bytes(), client.bytes(), is_all};
    if (look_one_way(flow, turned, &stream.candidates[1], true)) return end();
    if (flow->service != 0) stream.candidates = {stream.candidates[0] | stream.candidates[1], 0};
  }
  if (is_all || (stream.candidates[0] | stream.candidates[1]) == 0) end_stream(flow);
}

// True when nothing more is to be learnt. `is_turned`: the exchange has the ends changed over.
bool Sensor::look_one_way(Flow* flow, const Exchange& exchange, std::uint32_t* candidates,
                          bool is_turned) {
  for (auto left = *candidates; left != 0; left &= left - 1) {
    const auto at = static_cast<std::size_t>(std::countr_zero(left));
    Recognised found;
    const auto verdict = recognisers()[at].look(exchange, &found);
    if (verdict == Verdict::kNo) {
      *candidates &= ~(1U << at);
      continue;
    }
    if (!found.is_certain && verdict == Verdict::kMore) continue;
    if (is_turned) {
      flow->client = flow->server();
      flow->began = Began::kContent;
    }
    *candidates = 1U << at;
    flow->service = static_cast<std::uint8_t>(at + 1);
    if (!found.name.empty()) flow->name = number_of(found.name);
    if (found.offers_tls) streams_.at(flow->stream).offers_tls = found.offers_tls;
    // What the client says further on would not be kept; it is read on.
    const bool is_full =
        exchange.client.size() == kHalfBytes &&
        CommandReader::protocol_of(recognisers()[at].name) != CommandReader::Protocol::kNone;
    bool is_done = verdict == Verdict::kYes || exchange.is_last || is_full;
    if (found.tls_client != kNoTls)
      is_done = look_under_tls(flow, exchange, found) || exchange.is_last;
    if (!is_done) return false;
    if (flow->service == dns()) note_dns_stream(flow, exchange);
    settle(flow, found);
    return true;
  }
  return false;
}

// What follows STARTTLS and its like.
bool Sensor::look_under_tls(Flow* flow, const Exchange& exchange, const Recognised& found) {
  const Exchange rest{exchange.client.subspan(found.tls_client),
                      exchange.server.subspan(found.tls_server), exchange.is_last};
  Recognised under;
  const auto verdict = look_for_tls(rest, &under);
  if (verdict == Verdict::kMore) return false;
  flow->tls_version = under.tls_version;
  flow->tls_suite = under.tls_suite;
  if (!under.name.empty()) {
    flow->name = number_of(under.name);
    check_name(under.name, Sign::kTlsName, *flow);
  }
  return true;
}

void Sensor::settle(Flow* flow, const Recognised& found) {
  if (found.tls_version != 0) {
    flow->tls_version = found.tls_version;
    flow->tls_suite = found.tls_suite;
  }
  flow->is_later_http = flow->service == http();
  if (flow->service == tls()) check_name(found.name, Sign::kTlsName, *flow);
  if (flow->service == http()) check_name(found.name, Sign::kHttpHost, *flow);
  note_secret(found, *flow);
}

void Sensor::look_at_request(const Packet& packet, Flow* flow) {
  auto rest = packet.payload;
  while (begins_http_request(rest)) {
    Recognised found;
    const auto head = read_http_request(text_of(rest), &found);
    const auto before = static_cast<std::uint32_t>(packet.payload.size() - rest.size());
    if (!head && read_on_in_request(packet.sequence + before, rest, flow)) return;
    check_name(found.name, Sign::kHttpHost, *flow);
    note_secret(found, *flow);  // where there is no room for the rest, what is there is told
    if (!head) return;
    rest = rest.subspan(*head);
  }
}

void Sensor::note_secret(const Recognised& found, const Flow& flow) {
  if (found.secret == Secret::kNone) return;
  CleartextKey key{.peers = peers_of(flow), .service = flow.service, .secret = found.secret};
  if (found.offers_tls) key.offers_tls = *found.offers_tls ? 1 : 0;
  auto* count = findings_.cleartext.find_or_add(key);
  if (count == nullptr) return;  // counted as refused
  ++count->times;
  count->seen.add(now_, now_);
}

}  // namespace assay::agent::sensor
