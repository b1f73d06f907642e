#include "agent/probes/linux/operations/settings/systemd_settings.h"
#include "agent/probes/linux/operations/time/chrony_conf.h"
#include "agent/probes/linux/operations/time/ntp_conf.h"
#include "agent/probes/linux/operations/time/time_settings.h"
#include "agent/probes/linux/text/lines.h"

namespace assay::agent {
namespace {

// A daemon that does not understand its settings does not start: a problem, not a failure.
template <typename Parsed>
bool note_problem(const Parsed& parsed, std::string_view path, TimeSettings& settings) {
  if (parsed) return false;
  settings.problems.push_back(std::string(path) + ": " + parsed.error().message());
  return true;
}

Status read_ntp_file(Host& host, const std::string& path, int depth, bool& is_there,
                     TimeSettings& settings) {
  constexpr int kMaxDepth = 4;
  const auto text = read_settings(host, path);
  if (!text) return fail(text.error());
  is_there = text->has_value();
  if (!is_there) return {};
  auto conf = parse_ntp_conf(**text);
  if (note_problem(conf, path, settings)) return {};
  for (auto& source : conf->sources) {
    if (settings.sources.size() == kMaxTimeSources)
      return fail(Code::kTooLarge, "ntpd: too many sources");
    source.place.source = path;
    settings.sources.push_back(std::move(source));
  }
  for (const auto& include : conf->includes) {
    if (depth == kMaxDepth) {
      settings.problems.push_back(path + ": too many files include one another");
      return {};
    }
    bool ignored = false;
    if (auto done = read_ntp_file(host, include, depth + 1, ignored, settings); !done) return done;
  }
  return {};
}

void add_servers(const SystemdSettings& settings, std::string_view key, std::string_view kind,
                 TimeSettings& out) {
  const auto found = settings.find(key);
  if (found == settings.end()) return;
  for (const auto server : words_of(found->second.value))
    out.sources.push_back({.kind = std::string(kind),
                           .server = std::string(server),
                           .is_authenticated = false,
                           .place = found->second.place});
}

}  // namespace

Result<TimeSettings> read_ntp(Host& host) {
  TimeSettings settings;
  for (const auto* path : {"/etc/ntpsec/ntp.conf", "/etc/ntp.conf"}) {
    bool is_there = false;
    if (auto done = read_ntp_file(host, path, 0, is_there, settings); !done)
      return fail(std::move(done.error()));
    if (is_there) break;
  }
  return settings;
}

Result<TimeSettings> read_openntpd(Host& host) {
  TimeSettings settings;
  for (const auto* path : {"/etc/openntpd/ntpd.conf", "/etc/ntpd.conf"}) {
    const auto text = read_settings(host, path);
    if (!text) return fail(text.error());
    if (!*text) continue;
    auto sources = parse_openntpd_conf(**text);
    if (note_problem(sources, path, settings)) break;
    for (auto& source : *sources) source.place.source = path;
    settings.sources = *std::move(sources);
    break;
  }
  return settings;
}

Result<TimeSettings> read_timesyncd(Host& host) {
  const auto settings =
      read_systemd_settings(host, "timesyncd.conf", "Time", {"NTP", "FallbackNTP"});
  if (!settings) return fail(settings.error());
  TimeSettings out;
  add_servers(*settings, "NTP", "server", out);
  add_servers(*settings, "FallbackNTP", "fallback", out);
  if (settings->contains("NTP")) return out;
  out.sources.push_back(
      {.kind = "dhcp", .note = "servers that DHCP names are used if there are any"});
  if (!settings->contains("FallbackNTP"))
    out.sources.push_back(
        {.kind = "fallback", .note = "the built-in servers of the distribution are used"});
  return out;
}

// NTPD_OPTS="-N -p pool.ntp.org" of Alpine.
Result<TimeSettings> read_busybox_ntpd(Host& host) {
  constexpr std::string_view kFile = "/etc/conf.d/ntpd";
  TimeSettings out;
  const auto text = read_settings(host, kFile);
  if (!text) return fail(text.error());
  if (!*text) return out;
  Lines lines(**text);
  while (const auto raw = lines.next()) {
    constexpr std::string_view kKey = "NTPD_OPTS=";
    const auto line = trimmed(*raw);
    if (!line.starts_with(kKey)) continue;
    std::string options(line.substr(kKey.size()));
    std::erase(options, '"');
    std::erase(options, '\'');
    const auto words = words_of(options);
    for (std::size_t i = 0; i + 1 < words.size(); ++i)
      if (words[i] == "-p")
        out.sources.push_back({.kind = "server",
                               .server = std::string(words[i + 1]),
                               .is_authenticated = false,
                               .place = {std::string(kFile), lines.number()}});
  }
  return out;
}

}  // namespace assay::agent
