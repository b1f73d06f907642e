#include "agent/probes/linux/operations/time/chrony_conf.h"
#include "agent/probes/linux/operations/time/time_settings.h"

namespace assay::agent {
namespace {

constexpr std::array<std::string_view, 2> kFiles = {"/etc/chrony/chrony.conf", "/etc/chrony.conf"};
constexpr int kMaxDepth = 8;
constexpr std::size_t kMaxFiles = 200;

class Reader {
 public:
  explicit Reader(Host& host) : host_(host) {}

  // False when there is no such file.
  Result<bool> read(const std::string& path, int depth);
  TimeSettings take() { return std::move(settings_); }

 private:
  Status include(const std::string& pattern, int depth);

  Host& host_;
  TimeSettings settings_;
  std::size_t read_ = 0;
};

Status Reader::include(const std::string& pattern, int depth) {
  const auto files = matching_files(host_, pattern);
  if (!files) {
    if (files.error().code() != Code::kNotSupported) return fail(files.error());
    settings_.problems.push_back(files.error().message());
    return {};
  }
  for (const auto& file : *files)
    if (const auto done = read(file, depth + 1); !done) return fail(done.error());
  return {};
}

Result<bool> Reader::read(const std::string& path, int depth) {
  if (depth > kMaxDepth || read_++ == kMaxFiles) {
    settings_.problems.push_back(path + ": too many files include one another");
    return true;
  }
  const auto text = read_settings(host_, path);
  if (!text) return fail(text.error());
  if (!*text) return false;
  auto conf = parse_chrony_conf(**text);
  if (!conf) {
    settings_.problems.push_back(path + ": " + conf.error().message());
    return true;
  }
  for (auto& source : conf->sources) {
    if (settings_.sources.size() == kMaxTimeSources)
      return fail(Code::kTooLarge, "chrony: too many sources");
    source.place.source = path;
    settings_.sources.push_back(std::move(source));
  }
  for (const auto& pattern : conf->includes)
    if (auto done = include(pattern, depth); !done) return fail(std::move(done.error()));
  for (const auto& folder : conf->conf_folders)
    if (auto done = include(folder + "/*.conf", depth); !done) return fail(std::move(done.error()));
  for (const auto& folder : conf->source_folders)
    if (auto done = include(folder + "/*.sources", depth); !done)
      return fail(std::move(done.error()));
  return true;
}

}  // namespace

Result<TimeSettings> read_chrony(Host& host) {
  Reader reader(host);
  for (const auto path : kFiles) {
    const auto found = reader.read(std::string(path), 0);
    if (!found) return fail(found.error());
    if (*found) break;
  }
  return reader.take();
}

}  // namespace assay::agent
