#include "agent/probes/linux/operations/time/ntp_conf.h"

#include "agent/probes/linux/operations/time/chrony_conf.h"
#include "agent/probes/linux/text/lines.h"

namespace assay::agent {
namespace {

// Calls `add` with the words of each line that holds any, up to a comment.
template <typename Add>
Status each_line(std::string_view text, Add add) {
  if (text.find('\0') != std::string_view::npos)
    return fail(Code::kInvalidData, "no text: it holds a zero byte");
  Lines lines(text);
  while (const auto raw = lines.next()) {
    const auto words = words_of(raw->substr(0, raw->find('#')));
    if (words.size() < 2) continue;
    if (auto done = add(words, lines.number()); !done) return done;
  }
  return {};
}

Status too_many() {
  return fail(Code::kTooLarge, "too many sources");
}

}  // namespace

Result<NtpConf> parse_ntp_conf(std::string_view text) {
  NtpConf conf;
  const auto add = [&](const std::vector<std::string_view>& words, std::int64_t line) -> Status {
    if (conf.sources.size() == kMaxTimeSources || conf.includes.size() == kMaxTimeSources)
      return too_many();
    if (words[0] == "includefile") conf.includes.emplace_back(words[1]);
    constexpr std::array<std::string_view, 4> kKinds = {"server", "pool", "peer", "refclock"};
    if (std::ranges::find(kKinds, words[0]) == kKinds.end()) return {};
    const auto at = words[1] == "-4" || words[1] == "-6" ? 2U : 1U;
    if (at >= words.size()) return {};
    TimeSource source{.kind = std::string(words[0]),
                      .server = std::string(words[at]),
                      .place = {.source = {}, .line = line}};
    if (source.server.starts_with("127.127.")) source.kind = "refclock";
    if (source.kind != "refclock")
      source.is_authenticated = std::ranges::any_of(words, [](std::string_view word) {
        return word == "key" || word == "autokey" || word == "nts";
      });
    conf.sources.push_back(std::move(source));
    return {};
  };
  if (auto done = each_line(text, add); !done) return fail(std::move(done.error()));
  return conf;
}

Result<std::vector<TimeSource>> parse_openntpd_conf(std::string_view text) {
  std::vector<TimeSource> sources;
  const auto add = [&](const std::vector<std::string_view>& words, std::int64_t line) -> Status {
    if (sources.size() == kMaxTimeSources) return too_many();
    std::string_view kind;
    if (words[0] == "server") kind = "server";
    if (words[0] == "servers") kind = "pool";
    if (words[0] == "sensor") kind = "refclock";
    if (kind.empty()) return {};
    sources.push_back({.kind = std::string(kind),
                       .server = std::string(words[1]),
                       .is_authenticated = kind == "refclock" ? std::nullopt : std::optional(false),
                       .place = {.source = {}, .line = line}});
    return {};
  };
  if (auto done = each_line(text, add); !done) return fail(std::move(done.error()));
  return sources;
}

}  // namespace assay::agent
