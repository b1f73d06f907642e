#include "agent/probes/linux/operations/logging/rsyslog_files.h"

#include "agent/probes/linux/operations/settings/setting_files.h"

namespace assay::agent {
namespace {

constexpr int kMaxDepth = 8;
constexpr std::size_t kMaxFiles = 500;
constexpr std::size_t kMaxItems = 50'000;

class Reader {
 public:
  explicit Reader(Host& host) : host_(host) {}

  Status read(const std::string& path, int depth);
  RsyslogSettings take() { return std::move(settings_); }

 private:
  Status include(std::string_view pattern, const std::string& from, int depth);
  void note(const std::string& path, const Error& error) {
    settings_.problems.push_back(path + ": " + error.message());
  }

  Host& host_;
  RsyslogSettings settings_;
  std::size_t files_ = 0;
};

std::string_view included_by(const RsyslogStatement& statement) {
  if (statement.kind == RsyslogStatement::Kind::kDirective && statement.name == "includeconfig")
    return statement.text;
  if (statement.kind == RsyslogStatement::Kind::kObject && statement.name == "include")
    return statement.parameter("file");
  return {};
}

Status Reader::include(std::string_view pattern, const std::string& from, int depth) {
  std::string files_wanted(pattern);
  if (files_wanted.ends_with('/')) files_wanted += "*";  // a folder: all of its files
  if (!files_wanted.starts_with('/'))
    files_wanted = from.substr(0, from.rfind('/') + 1) + files_wanted;
  const auto files = matching_files(host_, files_wanted);
  if (!files) {
    if (files.error().code() != Code::kNotSupported) return fail(files.error());
    note(from, files.error());
    return {};
  }
  for (const auto& file : *files)
    if (auto done = read(file, depth + 1); !done) return done;
  return {};
}

Status Reader::read(const std::string& path, int depth) {
  if (depth > kMaxDepth || files_ == kMaxFiles) {
    note(path, Error(Code::kTooLarge, "too many files include one another"));
    return {};
  }
  ++files_;
  const auto text = read_settings(host_, path);
  if (!text) return fail(text.error());
  if (!*text) return {};
  auto statements = parse_rsyslog_conf(**text);
  if (!statements) {
    note(path, statements.error());
    return {};
  }
  for (auto& statement : *statements) {
    const std::string pattern(included_by(statement));
    if (!pattern.empty()) {
      if (auto done = include(pattern, path, depth); !done) return done;
    } else if (settings_.items.size() < kMaxItems) {
      settings_.items.push_back({std::move(statement), path});
    } else {
      return fail(Code::kTooLarge, "rsyslog: too many settings");
    }
  }
  return {};
}

}  // namespace

Result<RsyslogSettings> read_rsyslog(Host& host, std::string_view path) {
  Reader reader(host);
  if (auto done = reader.read(std::string(path), 0); !done) return fail(std::move(done.error()));
  return reader.take();
}

}  // namespace assay::agent
