#include "agent/probes/linux/updates/rpm/xml_scanner.h"

#include <expat.h>

#include <algorithm>
#include <optional>

namespace assay::agent {

struct XmlScanner::Parser {
  explicit Parser(XmlVisitor& to) : visitor(to), expat(XML_ParserCreate(nullptr)) {
    if (expat == nullptr) return;
    XML_SetUserData(expat, this);
    XML_SetElementHandler(expat, begin, end);
    XML_SetCharacterDataHandler(expat, text);
    XML_SetStartDoctypeDeclHandler(expat, doctype);
    XML_SetParamEntityParsing(expat, XML_PARAM_ENTITY_PARSING_NEVER);
  }
  ~Parser() { XML_ParserFree(expat); }
  Parser(const Parser&) = delete;
  Parser& operator=(const Parser&) = delete;

  void stop(Error why) {
    if (!error) error = std::move(why);
    XML_StopParser(expat, XML_FALSE);
  }

  static void begin(void* data, const char* name, const char** attributes) {
    auto& self = *static_cast<Parser*>(data);
    if (self.error) return;
    if (self.depth == kMaxXmlDepth)
      return self.stop(Error(Code::kTooLarge, "elements nested deeper than the limit"));
    self.collected.clear();
    const auto told = self.visitor.begin(name, self.depth++, XmlAttributes(attributes));
    if (!told) return self.stop(told.error());
    self.is_collecting = self.visitor.wants_text();
  }

  static void end(void* data, const char* name) {
    auto& self = *static_cast<Parser*>(data);
    if (self.error) return;
    const auto told = self.visitor.end(name, --self.depth, self.collected);
    if (!told) self.stop(told.error());
    self.collected.clear();
    self.is_collecting = false;
  }

  static void text(void* data, const char* bytes, int length) {
    auto& self = *static_cast<Parser*>(data);
    if (self.error || !self.is_collecting) return;
    const auto size = static_cast<std::size_t>(length);
    if (self.collected.size() + size > kMaxXmlTextBytes)
      return self.stop(Error(Code::kTooLarge, "a text longer than the limit"));
    self.collected.append(bytes, size);
  }

  static void doctype(void* data, const char*, const char*, const char*, int) {
    static_cast<Parser*>(data)->stop(
        Error(Code::kInvalidData, "a document type, which such a file does not have"));
  }

  XmlVisitor& visitor;
  XML_Parser expat;
  std::size_t depth = 0;
  bool is_collecting = false;
  std::string collected;
  std::optional<Error> error;
};

std::string_view XmlAttributes::operator[](std::string_view name) const {
  for (const char** pair = pairs_; *pair != nullptr; pair += 2)
    if (name == pair[0]) return pair[1];
  return {};
}

XmlScanner::XmlScanner(XmlVisitor& visitor) : parser_(std::make_unique<Parser>(visitor)) {}
XmlScanner::~XmlScanner() = default;

Status XmlScanner::parse(std::string_view piece, bool is_last) {
  auto& parser = *parser_;
  if (parser.expat == nullptr) return fail(Code::kInternal, "no memory for XML");
  if (parser.error) return fail(*parser.error);
  const auto state =
      XML_Parse(parser.expat, piece.data(), static_cast<int>(piece.size()), is_last ? 1 : 0);
  fed_ += piece.size();
  if (state != XML_STATUS_OK) {
    if (!parser.error)
      parser.error = Error(Code::kInvalidData, XML_ErrorString(XML_GetErrorCode(parser.expat)));
    parser.error = parser.error->within(
        "line " + std::to_string(XML_GetCurrentLineNumber(parser.expat)));
    return fail(*parser.error);
  }
  // What the parser holds back is a tag that has not ended.
  const auto taken = XML_GetCurrentByteIndex(parser.expat);
  if (!is_last && taken >= 0 && fed_ - static_cast<std::uint64_t>(taken) > kMaxXmlTagBytes) {
    parser.error = Error(Code::kTooLarge, "a tag longer than the limit");
    return fail(*parser.error);
  }
  return {};
}

Status XmlScanner::feed(std::string_view piece) {
  // Small steps, so that a tag without end is noticed before much of it is held.
  constexpr std::size_t kStepBytes = 64U << 10U;
  while (!piece.empty()) {
    const auto step = piece.substr(0, kStepBytes);
    if (auto parsed = parse(step, false); !parsed) return parsed;
    piece.remove_prefix(step.size());
  }
  return {};
}

Status XmlScanner::finish() {
  return parse({}, true);
}

}  // namespace assay::agent
