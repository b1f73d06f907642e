// The part of Sensor that reads on in connections whose protocol is known, for later log-ins.
#include <algorithm>

#include "agent/network/sensor/sensor.h"

namespace assay::agent::sensor {

// From the beginning, so that the reader knows where the client stands; log-ins up to here have
// been noted. False: there is nothing to read on.
bool Sensor::begin_to_read_on(Flow* flow, Stream& stream) {
  if (flow->service == 0) return false;
  const auto protocol = CommandReader::protocol_of(service_name(flow->service));
  if (protocol == CommandReader::Protocol::kNone) return false;
  auto& client = stream.halves[flow->client];
  stream.reader = CommandReader(protocol);
  for (;;) {
    const auto heard = stream.reader.read(text_of(client.bytes()), client.is_full());
    if (heard.read == 0) break;
    client.drop(heard.read);
  }
  stream.is_read_on = !stream.reader.is_over();
  return stream.is_read_on;
}

// The head of a later request that goes on in the next segment. False: there is no room for it, or
// it was read to its end.
bool Sensor::read_on_in_request(std::uint32_t sequence, Bytes request, Flow* flow) {
  if (!streams_.has_free()) return false;
  flow->stream = streams_.take(flows_.index_of(*flow)).index;
  auto& stream = streams_.at(flow->stream);
  stream.halves[flow->client].start_at(sequence, true);
  stream.reader = CommandReader(CommandReader::Protocol::kHttp);
  stream.is_read_on = true;
  read_on(sequence, request, flow);
  return true;
}

void Sensor::read_on(std::uint32_t sequence, Bytes data, Flow* flow) {
  auto& stream = streams_.at(flow->stream);
  auto& client = stream.halves[flow->client];
  while (!data.empty() && stream.is_read_on) {
    const auto room = client.room_at(sequence);
    if (room == 0) {  // a segment before it has not come, and will not
      if (!client.is_lost()) ++counts_.streams_with_holes;  // else it is counted with the stream
      return end_stream(flow);
    }
    const auto part = data.first(std::min(data.size(), room));
    if (client.add(sequence, part)) {
      streams_.use(flow->stream);
      read_commands(flow, stream);
    }
    sequence += static_cast<std::uint32_t>(part.size());
    data = data.subspan(part.size());
  }
}

void Sensor::read_commands(Flow* flow, Stream& stream) {
  auto& client = stream.halves[flow->client];
  for (;;) {
    const auto heard = stream.reader.read(text_of(client.bytes()), client.is_full());
    if (heard.read == 0) break;
    client.drop(heard.read);
    check_name(heard.host, Sign::kHttpHost, *flow);
    note_secret({.secret = heard.secret, .offers_tls = stream.offers_tls, .name = {}}, *flow);
  }
  if (!stream.reader.is_over()) return;
  stream.is_read_on = false;
  end_stream(flow);
}

}  // namespace assay::agent::sensor
