#include "cli/terminal/answer.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>

#include "evidence/refusal.h"

namespace assay::cli {

namespace {

using nlohmann::ordered_json;

std::string dump(const ordered_json& json, int indent) {
  return json.dump(indent, ' ', false, ordered_json::error_handler_t::replace);
}

Status write_all(int file, std::string_view bytes, const std::string& what) {
  while (!bytes.empty()) {
    const ssize_t written = ::write(file, bytes.data(), bytes.size());
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) return fail(system_error(errno, phrase({"writing {}", "寫入 {}"}, what)));
    bytes.remove_prefix(static_cast<std::size_t>(written));
  }
  return {};
}

Result<Format> format_from(std::string_view word) {
  if (word == "table") return Format::kTable;
  if (word == "json") return Format::kJson;
  if (word == "csv") return Format::kCsv;
  if (word == "ndjson") return Format::kNdjson;
  return refuse(Code::kUsage,
                {"-o {}: not a format; table, json, ndjson or csv",
                 "-o {}：沒有這種格式；只能是 table、json、ndjson 或 csv"},
                word);
}

}  // namespace

Result<std::vector<OutputTarget>> parse_outputs(const std::vector<std::string>& words) {
  std::vector<OutputTarget> targets;
  int on_standard_output = 0;
  for (const auto& word : words) {
    const auto equals = word.find('=');
    const auto format = format_from(std::string_view(word).substr(0, equals));
    if (!format) return fail(format.error());
    OutputTarget target{*format, {}};
    if (equals != std::string::npos) {
      target.path = word.substr(equals + 1);
      if (target.path.empty())
        return refuse(Code::kUsage, {"-o {}: the path is missing", "-o {}：未填路徑"}, word);
    } else if (++on_standard_output > 1) {
      return refuse(
          Code::kUsage,
          {"-o {}: only one form fits on standard output", "-o {}：標準輸出只能有一種格式"}, word);
    }
    targets.push_back(std::move(target));
  }
  if (targets.empty()) targets.emplace_back();
  return targets;
}

std::string to_text(const Answer& answer, Format format, const Screen& screen) {
  switch (format) {
    case Format::kJson: return dump(answer.json, 2) + '\n';
    case Format::kNdjson: {
      if (!answer.json.is_array()) return dump(answer.json, -1) + '\n';
      std::string out;
      for (const auto& item : answer.json) out += dump(item, -1) + '\n';
      return out;
    }
    case Format::kCsv: return to_csv(answer.grid);
    case Format::kTable: break;
  }
  return answer.text ? answer.text(screen) : to_table(answer.grid, screen);
}

Status deliver(const Answer& answer, const std::vector<OutputTarget>& targets,
               const Screen& screen) {
  for (const auto& target : targets) {
    if (target.path.empty()) {
      const auto bytes = to_text(answer, target.format, screen);
      if (auto done = write_all(STDOUT_FILENO, bytes, "standard output"); !done) return done;
      continue;
    }
    Screen file = screen;
    file.is_coloured = false;
    const auto bytes = to_text(answer, target.format, file);
    if (auto done = write_file(target.path, bytes, 0644); !done) return done;
  }
  return {};
}

Status write_file(const std::string& path, std::string_view bytes, unsigned mode) {
  struct stat there{};
  // A device or pipe (/dev/stdout) is written as it is; only a file can be replaced.
  if (::stat(path.c_str(), &there) == 0 && !S_ISREG(there.st_mode)) {
    const int file = ::open(path.c_str(), O_WRONLY | O_CLOEXEC);
    if (file < 0) return fail(system_error(errno, path));
    auto done = write_all(file, bytes, path);
    (void)::close(file);  // nothing is buffered here that close could lose
    return done;
  }
  std::string temporary = path + ".XXXXXX";
  const int file = ::mkostemp(temporary.data(), O_CLOEXEC);
  if (file < 0) return fail(system_error(errno, path));
  auto done = write_all(file, bytes, path);
  if (done && ::fchmod(file, mode) != 0) done = fail(system_error(errno, path));
  if (done && ::fsync(file) != 0) done = fail(system_error(errno, path));
  if (::close(file) != 0 && done) done = fail(system_error(errno, path));
  if (done && ::rename(temporary.c_str(), path.c_str()) != 0)
    done = fail(system_error(errno, path));
  if (!done) (void)::unlink(temporary.c_str());  // best effort; the first failure is what counts
  return done;
}

}  // namespace assay::cli
