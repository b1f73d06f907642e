#include "agent/probes/linux/operations/logging/log_parts.h"
#include "agent/probes/linux/operations/logging/syslog_ng_conf.h"
#include "agent/probes/linux/text/addresses.h"

namespace assay::agent {
namespace {

constexpr std::string_view kSyslogNg = "syslog-ng";
constexpr std::string_view kFile = "/etc/syslog-ng/syslog-ng.conf";
constexpr int kMaxDepth = 8;
constexpr std::size_t kMaxFiles = 500;

class Collector {
 public:
  Collector(Host& host, LogFiles& files, LogRows& rows) : host_(host), files_(files), rows_(rows) {}

  Status read(const std::string& path, int depth);
  void finish();

 private:
  Status include(const std::string& pattern, int depth);
  Status add(const SyslogNgDriver& driver, const Place& place);
  void forward(const SyslogNgDriver& driver, std::string_view protocol, const Place& place);

  Host& host_;
  LogFiles& files_;
  LogRows& rows_;
  std::size_t read_ = 0;
  std::vector<std::string> problems_;
};

void Collector::forward(const SyslogNgDriver& driver, std::string_view protocol,
                        const Place& place) {
  auto target = without_secrets(driver.target);
  if (!driver.port.empty()) target.append(":").append(driver.port);
  rows_.add({.component = kSyslogNg,
             .setting = "forward",
             .target = target,
             .text = std::string(protocol),
             .place = place});
  LogRow tls{.component = kSyslogNg, .setting = "forward_tls", .target = target, .place = place};
  const bool is_plain = driver.driver == "network" || driver.driver == "syslog" ||
                        driver.driver.starts_with("tcp") || driver.driver.starts_with("udp");
  if (driver.transport.find("tls") != std::string::npos || target.starts_with("https://"))
    tls.value = 1;
  else if (is_plain || target.starts_with("http://"))
    tls.value = 0;
  else
    tls.note = "whether it is encrypted is not known of " + driver.driver;
  rows_.add(tls);
}

Status Collector::add(const SyslogNgDriver& driver, const Place& place) {
  constexpr std::array<std::string_view, 7> kLocal = {
      "pipe", "unix-dgram", "unix-stream", "usertty", "program", "getvirtconsole", "internal"};
  if (driver.driver == "file") {
    if (driver.target.find('$') != std::string::npos) {
      rows_.add({.component = kSyslogNg,
                 .setting = "dynamic_file",
                 .target = driver.target,
                 .place = place,
                 .note = "the name holds variables: the modes of the files are not looked at"});
      return {};
    }
    if (driver.target.starts_with("/dev/") || !driver.target.starts_with('/')) return {};
    rows_.add({.component = kSyslogNg,
               .setting = "file",
               .target = driver.target,
               .text = driver.destination,
               .place = place});
    return files_.add(kSyslogNg, driver.target, place);
  }
  if (std::ranges::find(kLocal, driver.driver) != kLocal.end()) return {};
  std::string_view protocol = driver.driver;
  if (driver.driver == "network" || driver.driver == "syslog")
    protocol = driver.transport.empty() ? "tcp" : std::string_view(driver.transport);
  forward(driver, protocol, place);
  return {};
}

Status Collector::include(const std::string& pattern, int depth) {
  if (pattern == "scl.conf") return {};  // the library of syslog-ng itself: it writes nothing
  const auto files =
      matching_files(host_, pattern.starts_with('/') ? pattern : "/etc/syslog-ng/" + pattern);
  if (!files) {
    if (files.error().code() != Code::kNotSupported) return fail(files.error());
    problems_.push_back(files.error().message());
    return {};
  }
  for (const auto& file : *files)
    if (auto done = read(file, depth + 1); !done) return done;
  return {};
}

Status Collector::read(const std::string& path, int depth) {
  if (depth > kMaxDepth || read_++ == kMaxFiles) {
    problems_.push_back(path + ": too many files include one another");
    return {};
  }
  const auto text = read_settings(host_, path);
  if (!text) return fail(text.error());
  if (!*text) return {};
  const auto conf = parse_syslog_ng_conf(**text);
  if (!conf) {
    problems_.push_back(path + ": " + conf.error().message());
    return {};
  }
  for (const auto& driver : conf->drivers)
    if (auto done = add(driver, {path, driver.line}); !done) return done;
  for (const auto& pattern : conf->includes)
    if (auto done = include(pattern, depth); !done) return done;
  return {};
}

void Collector::finish() {
  LogRow whole{
      .component = kSyslogNg, .setting = "configuration", .place = {std::string(kFile), {}}};
  if (problems_.empty())
    whole.value = 1;
  else
    whole.note = "not understood: " + joined(problems_, "; ");
  rows_.add(whole);
}

}  // namespace

Status add_syslog_ng(Host& host, LogFiles& files, LogRows& rows) {
  const auto status = host.status(kFile);
  if (!status && status.error().code() == Code::kNotFound) return {};
  Collector collector(host, files, rows);
  if (auto done = collector.read(std::string(kFile), 0); !done) return done;
  collector.finish();
  return {};
}

}  // namespace assay::agent
