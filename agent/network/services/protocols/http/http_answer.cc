#include "agent/network/services/protocols/http/http_answer.h"

#include <algorithm>
#include <charconv>

#include "agent/network/services/protocols/product.h"

namespace assay::agent::services {

namespace {

constexpr std::size_t kMaxFields = 200;

std::string_view trimmed(std::string_view text) {
  while (!text.empty() && (text.front() == ' ' || text.front() == '\t')) text.remove_prefix(1);
  while (!text.empty() && (text.back() == ' ' || text.back() == '\t' || text.back() == '\r'))
    text.remove_suffix(1);
  return text;
}

std::string in_lower_case(std::string_view text) {
  std::string out(text);
  for (auto& c : out)
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  return out;
}

// Takes a line off the front; false when none is whole.
bool take_line_of(std::string_view& text, std::string_view* line) {
  const auto end = text.find('\n');
  if (end == std::string_view::npos) return false;
  *line = trimmed(text.substr(0, end));
  text.remove_prefix(end + 1);
  return true;
}

// "HTTP/1.1 200 OK"
bool is_status_line(std::string_view line, int* status) {
  if (!line.starts_with("HTTP/1.") || line.size() < 12) return false;
  const auto code = line.substr(9, 3);
  const auto [end, error] = std::from_chars(code.data(), code.data() + code.size(), *status);
  return line[8] == ' ' && error == std::errc() && end == code.data() + code.size() &&
         *status >= 100 && *status <= 599;
}

bool is_body_whole(const HttpAnswer& answer) {
  if (answer.body.size() >= kMaxHttpBody) return true;
  if (answer.status == 204 || answer.status == 304) return true;
  const auto length = answer.field("content-length");
  if (!length.empty()) {
    std::size_t bytes = 0;
    const auto [end, error] = std::from_chars(length.data(), length.data() + length.size(), bytes);
    return error != std::errc() || answer.body.size() >= bytes;
  }
  return answer.field("transfer-encoding").find("chunked") != std::string_view::npos &&
         (answer.body.ends_with("\r\n0\r\n\r\n") || answer.body.starts_with("0\r\n\r\n"));
}

}  // namespace

std::string_view HttpAnswer::field(std::string_view name) const {
  const auto found = std::ranges::find(fields, name, &std::pair<std::string, std::string>::first);
  return found == fields.end() ? std::string_view() : std::string_view(found->second);
}

Result<HttpAnswer> parse_http_answer(std::string_view bytes) {
  constexpr std::string_view kBegin = "HTTP/1.";
  const auto foreign = [] { return fail(Code::kInvalidData, "the answer is not HTTP"); };
  if (bytes.substr(0, kBegin.size()) != kBegin.substr(0, bytes.size())) return foreign();
  HttpAnswer answer;
  std::string_view line;
  auto rest = bytes.substr(0, kMaxHttpHead + kMaxHttpBody);
  if (!take_line_of(rest, &line)) {
    if (rest.size() > 1024) return foreign();
    return answer;
  }
  if (!is_status_line(line, &answer.status)) return foreign();
  while (take_line_of(rest, &line)) {
    if (line.empty()) {
      answer.is_headed = true;
      break;
    }
    const auto colon = line.find(':');
    if (colon == std::string_view::npos || answer.fields.size() == kMaxFields) continue;
    answer.fields.emplace_back(in_lower_case(line.substr(0, colon)),
                               std::string(trimmed(line.substr(colon + 1))));
  }
  if (!answer.is_headed) {
    if (bytes.size() > kMaxHttpHead) return foreign();
    return answer;
  }
  answer.body = rest.substr(0, kMaxHttpBody);
  answer.is_whole = is_body_whole(answer);
  return answer;
}

}  // namespace assay::agent::services
