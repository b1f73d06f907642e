// Lists as JSON: events and feeds of MISP, bundles of STIX 2.1, arrays of values or of objects that
// have one (Feodo Tracker, ThreatFox), and one such object a line (Spamhaus DROP).
//
// The text is read once, from front to back, and no tree of it is made; of each object only the
// members below are kept until it ends.
#include <algorithm>
#include <array>
#include <iterator>
#include <map>
#include <nlohmann/json.hpp>

#include "agent/network/sensor/lists/list_text.h"
#include "agent/network/sensor/lists/listed_value.h"
#include "agent/network/sensor/lists/stix_pattern.h"

namespace assay::agent::sensor {

namespace {

constexpr std::size_t kMaxDepth = 64;

// Of members that mean the same, the first that is there counts.
constexpr std::array<std::string_view, 9> kValues{
    "value", "ioc_value", "ioc", "indicator", "dst_ip", "ip_address", "ip", "cidr", "domain"};
constexpr std::array<std::string_view, 2> kTypes{"type", "ioc_type"};
constexpr std::array<std::string_view, 2> kPorts{"port", "dst_port"};
constexpr std::array<std::string_view, 8> kDates{"last_online", "last_seen_utc", "last_seen",
                                                 "date",        "timestamp",     "valid_from",
                                                 "first_seen",  "first_seen_utc"};
constexpr std::array<std::string_view, 2> kConfidences{"confidence_level", "confidence"};
constexpr std::array<std::string_view, 5> kOthers{"pattern", "pattern_type", "to_ids", "deleted",
                                                  "revoked"};
// Arrays of values in the outermost object.
constexpr std::array<std::string_view, 8> kArrays{"indicators", "iocs",   "ips",  "domains",
                                                  "hosts",      "values", "data", "blocklist"};

template <std::size_t kSize>
bool has(const std::array<std::string_view, kSize>& names, std::string_view name) {
  return std::ranges::find(names, name) != names.end();
}

bool is_kept(std::string_view name) {
  return has(kValues, name) || has(kTypes, name) || has(kPorts, name) || has(kDates, name) ||
         has(kConfidences, name) || has(kOthers, name);
}

// The text, and the number of the line that is being read.
class LineIterator {
 public:
  using iterator_category = std::input_iterator_tag;
  using value_type = char;
  using difference_type = std::ptrdiff_t;
  using pointer = const char*;
  using reference = const char&;

  LineIterator(const char* at, std::uint32_t* line) : at_(at), line_(line) {}
  reference operator*() const { return *at_; }
  LineIterator& operator++() {
    if (*at_++ == '\n') ++*line_;
    return *this;
  }
  LineIterator operator++(int) {
    auto before = *this;
    ++*this;
    return before;
  }
  bool operator==(const LineIterator& other) const { return at_ == other.at_; }

 private:
  const char* at_;
  std::uint32_t* line_;
};

// Called by the parser with each thing as it comes; false ends it.
class Handler {
 public:
  Handler(const std::uint32_t* line, ParsedList* list) : line_(line), list_(list) {}

  bool null() { return take({}); }
  bool boolean(bool value) { return take(value ? "1" : "0"); }
  bool number_integer(std::int64_t value) { return take(std::to_string(value)); }
  bool number_unsigned(std::uint64_t value) { return take(std::to_string(value)); }
  bool number_float(double, const std::string& text) { return take(text); }
  bool binary(const std::vector<std::uint8_t>&) { return false; }
  bool string(const std::string& value) {
    auto& frame = frames_.empty() ? root_ : frames_.back();
    if (!frame.is_array || !frame.has_values || frame.is_ignored) return take(value);
    keep_listed_value({.value = value}, *line_, list_);
    is_known_ = true;
    return true;
  }
  bool key(const std::string& name) {
    frames_.back().key = name.size() > kMaxListLine ? std::string() : name;
    return true;
  }
  bool start_object(std::size_t) { return begin(false); }
  bool start_array(std::size_t) { return begin(true); }
  bool end_array() {
    frames_.pop_back();
    return true;
  }
  bool end_object() {
    const auto frame = std::move(frames_.back());
    frames_.pop_back();
    if (!frame.is_ignored) read_object(frame);
    return true;
  }
  bool parse_error(std::size_t, const std::string&, const nlohmann::json::exception&) {
    return false;
  }

  [[nodiscard]] bool is_too_deep() const { return is_too_deep_; }
  // Something of it had the form of a list, if only an empty one.
  [[nodiscard]] bool is_known() const { return is_known_; }

 private:
  struct Frame {
    bool is_array = false;
    bool has_values = false;  // its strings are entries
    bool is_ignored = false;
    bool is_event = false;
    std::string key;  // of the member that is being read
    std::map<std::string, std::string> members;

    template <std::size_t kSize>
    [[nodiscard]] std::string_view first_of(
        const std::array<std::string_view, kSize>& names) const {
      for (const auto name : names)
        if (const auto at = members.find(std::string(name)); at != members.end()) return at->second;
      return {};
    }
    [[nodiscard]] std::string_view of(std::string_view name) const {
      return first_of(std::array{name});
    }
  };

  bool begin(bool is_array) {
    is_too_deep_ = frames_.size() == kMaxDepth;
    if (is_too_deep_) return false;
    const bool is_root = frames_.empty();
    const auto& outer = is_root ? root_ : frames_.back();
    Frame frame{.is_array = is_array};
    frame.has_values = is_array && (is_root || (frames_.size() == 1 && has(kArrays, outer.key)));
    // MISP: what somebody proposes, and nobody has accepted.
    frame.is_ignored = outer.is_ignored || outer.key == "ShadowAttribute";
    frame.is_event = !is_array && (is_root || outer.key == "Event");
    if (frame.has_values || outer.key == "Attribute") is_known_ = true;
    if (is_array) frame.key = outer.key;
    frames_.push_back(std::move(frame));
    return true;
  }

  bool take(std::string value) {
    if (frames_.empty()) return true;
    auto& frame = frames_.back();
    if (frame.is_array || !is_kept(frame.key)) return true;
    // So that one member cannot fill the memory; it is too long to be understood.
    if (value.size() > kMaxListLine) value.resize(kMaxListLine + 1);
    frame.members[frame.key] = std::move(value);
    return true;
  }

  void read_object(const Frame& frame) {
    if (frame.is_event && list_->date.empty() && frame.first_of(kValues).empty())
      list_->date = date_in(frame.of("date"));
    if (frame.of("type") == "bundle") is_known_ = true;
    if (frame.of("type") == "indicator" && !frame.of("pattern").empty()) return read_stix(frame);
    const auto value = frame.first_of(kValues);
    if (value.empty()) return;
    is_known_ = true;
    if (frame.of("to_ids") == "0" || frame.of("deleted") == "1") return;
    if (value.size() > kMaxListLine) return note_not_understood(*line_, list_);
    keep_listed_value({.value = std::string(trim_list_text(value)),
                       .type = frame.first_of(kTypes),
                       .port = frame.first_of(kPorts),
                       .date = frame.first_of(kDates),
                       .confidence = frame.first_of(kConfidences)},
                      *line_, list_);
  }

  void read_stix(const Frame& frame) {
    is_known_ = true;
    if (frame.of("revoked") == "1") return;
    const auto language = frame.of("pattern_type");
    if (!language.empty() && language != "stix")
      return note_not_understood(*line_, list_, "a pattern in another language");
    std::string_view why = "a pattern that is too long";
    const auto pattern = frame.of("pattern");
    auto entries = pattern.size() > kMaxListLine ? std::nullopt : entries_of_pattern(pattern, &why);
    if (!entries) return note_not_understood(*line_, list_, why);
    for (auto& entry : *entries) {
      note_details(frame.of("valid_from"), frame.of("confidence"), &entry);
      keep_entry(std::move(entry), *line_, list_);
    }
  }

  const std::uint32_t* line_;
  ParsedList* list_;
  Frame root_;
  std::vector<Frame> frames_;
  bool is_too_deep_ = false;
  bool is_known_ = false;
};

// `line`: the number of the first. False: nothing of it has the form of a list.
Result<bool> parse_document(std::string_view text, std::uint32_t line, ParsedList* list) {
  Handler handler(&line, list);
  const LineIterator begin(text.data(), &line);
  const LineIterator end(text.data() + text.size(), &line);
  if (!nlohmann::json::sax_parse(begin, end, &handler))
    return fail(
        handler.is_too_deep() ? Code::kTooLarge : Code::kInvalidData,
        (handler.is_too_deep() ? "JSON nested too deeply, in line " : "no whole JSON, in line ") +
            std::to_string(line));
  return handler.is_known();
}

std::string_view first_line_of(std::string_view text) {
  return trim_list_text(text.substr(0, text.find('\n')));
}

bool is_object_a_line(std::string_view text) {
  text = trim_list_text(text);
  const auto first = first_line_of(text);
  return first.starts_with('{') && first.ends_with('}') &&
         trim_list_text(text.substr(first.size())).starts_with('{');
}

}  // namespace

// Plain lists may begin with "[2001:db8::7]:443", and AdBlock's with "[Adblock Plus 2.0]".
bool looks_like_json(std::string_view text) {
  text = trim_list_text(text.substr(0, kMaxListLine));
  if (text.starts_with('{')) return true;
  if (!text.starts_with('[')) return false;
  text = trim_list_text(text.substr(1));
  return text.empty() || text.front() == ']' || text.front() == '{' || text.front() == '"';
}

Status parse_json(std::string_view text, ParsedList* list) {
  bool is_known = false;
  const auto read = [&](std::string_view document, std::uint32_t number) -> Status {
    const auto known = parse_document(document, number, list);
    if (!known) return fail(known.error());
    is_known = is_known || *known;  // Spamhaus ends with an object about the list itself
    return {};
  };
  if (is_object_a_line(text)) {
    each_list_line(text, [&](std::string_view line, std::uint32_t number) {
      if (trim_list_text(line).empty()) return;
      if (line.size() > kMaxListLine || !read(line, number)) note_not_understood(number, list);
    });
  } else if (auto done = read(text, 1); !done) {
    return done;
  }
  if (is_known) return {};
  return fail(Code::kInvalidData, "JSON without attributes of MISP, indicators or values");
}

}  // namespace assay::agent::sensor
