// XML from outside, looked through piece by piece and never held as a whole.
//
// Without the parts of XML that cost a reader dear: a document type, and so any entity of its own,
// is refused, nothing outside the text is ever fetched, and elements, their depth and single tags
// are bounded. Used by one thread at a time.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "evidence/result.h"

namespace assay::agent {

inline constexpr std::size_t kMaxXmlDepth = 32;
inline constexpr std::size_t kMaxXmlTagBytes = 256U << 10U;  // one tag with its attributes
inline constexpr std::size_t kMaxXmlTextBytes = 4096;        // of one element that is asked for

class XmlAttributes {
 public:
  explicit XmlAttributes(const char** pairs) : pairs_(pairs) {}
  // Empty when there is none of that name.
  [[nodiscard]] std::string_view operator[](std::string_view name) const;

 private:
  const char** pairs_;
};

// What is told of a document. The first error ends the scan.
class XmlVisitor {
 public:
  virtual ~XmlVisitor() = default;
  // Names as written, with their prefix. `depth` of the document's element is 0.
  [[nodiscard]] virtual Status begin(std::string_view name, std::size_t depth,
                                     const XmlAttributes& attributes) = 0;
  // The text of the element that ends is complete only when wants_text() said so at its begin, and
  // without that of elements within it.
  [[nodiscard]] virtual Status end(std::string_view name, std::size_t depth,
                                   std::string_view text) = 0;
  [[nodiscard]] virtual bool wants_text() const = 0;
};

class XmlScanner {
 public:
  // `visitor` must outlive this.
  explicit XmlScanner(XmlVisitor& visitor);
  ~XmlScanner();
  XmlScanner(const XmlScanner&) = delete;
  XmlScanner& operator=(const XmlScanner&) = delete;

  // The next piece, cut anywhere. kInvalidData names the line; kTooLarge above a limit.
  [[nodiscard]] Status feed(std::string_view piece);
  // No more pieces: the document must have ended.
  [[nodiscard]] Status finish();

  [[nodiscard]] std::uint64_t bytes() const { return fed_; }

 private:
  struct Parser;
  [[nodiscard]] Status parse(std::string_view piece, bool is_last);

  std::unique_ptr<Parser> parser_;
  std::uint64_t fed_ = 0;
};

}  // namespace assay::agent
