#include "collector/ingest/clock_difference.h"

namespace assay::collector {
namespace {

std::string rounded(std::chrono::seconds time) {
  using std::chrono::days;
  using std::chrono::hours;
  using std::chrono::minutes;
  if (time >= days(2)) return std::to_string(std::chrono::round<days>(time).count()) + " d";
  if (time >= hours(2)) return std::to_string(std::chrono::round<hours>(time).count()) + " h";
  return std::to_string(std::chrono::round<minutes>(time).count()) + " min";
}

std::optional<Event> event_of(const std::string& host_id, const std::string& beginning,
                              std::chrono::seconds ahead, evidence::Seconds now) {
  if (std::chrono::abs(ahead) <= kMostClockDifference) return std::nullopt;
  Event event;
  event.host_id = host_id;
  event.kind = Event::Kind::kClock;
  event.detail = beginning + rounded(std::chrono::abs(ahead)) +
                 (ahead > std::chrono::seconds(0) ? " ahead" : " behind");
  event.last = now;
  return event;
}

}  // namespace

std::optional<Event> clock_event(const std::string& host_id, std::chrono::seconds ahead,
                                 evidence::Seconds now) {
  return event_of(host_id, "its clock is ", ahead, now);
}

std::optional<Event> clock_event_of_scan(const std::string& host_id, evidence::Seconds ended,
                                         evidence::Seconds certified, evidence::Seconds now) {
  // What waited in its spool may be of any time since the certificate was made.
  if (ended > now) return event_of(host_id, "when it scanned, its clock was ", ended - now, now);
  if (ended < certified)
    return event_of(host_id, "when it scanned, its clock was at least ", ended - certified, now);
  return std::nullopt;
}

}  // namespace assay::collector
