#include "agent/probes/linux/updates/rpm/xml_scanner.h"

#include <gtest/gtest.h>

namespace assay::agent {
namespace {

// Writes down what it is told.
class Recorder final : public XmlVisitor {
 public:
  Status begin(std::string_view name, std::size_t depth, const XmlAttributes& attributes) override {
    told += std::to_string(depth) + "<" + std::string(name) + ">";
    if (const auto value = attributes["a"]; !value.empty()) told += "a=" + std::string(value);
    name_ = name;
    return name == "refused" ? fail(Code::kInvalidData, "not this") : Status();
  }
  Status end(std::string_view, std::size_t depth, std::string_view text) override {
    told += "[" + std::string(text) + "]" + std::to_string(depth);
    return {};
  }
  [[nodiscard]] bool wants_text() const override { return name_ == "t"; }

  std::string told;

 private:
  std::string name_;
};

// What is told of the text, or the code of the error; fed in pieces of that size.
std::string scan(std::string_view text, std::size_t piece = 1U << 20U) {
  Recorder recorder;
  XmlScanner scanner(recorder);
  for (std::size_t at = 0; at < text.size(); at += piece)
    if (const auto fed = scanner.feed(text.substr(at, piece)); !fed)
      return std::string(name_of(fed.error().code())) + ": " + fed.error().message();
  if (const auto finished = scanner.finish(); !finished)
    return std::string(name_of(finished.error().code())) + ": " + finished.error().message();
  EXPECT_EQ(scanner.bytes(), text.size());
  return recorder.told;
}

TEST(XmlScannerTest, TellsElementsAttributesAndWantedText) {
  EXPECT_EQ(scan("<r a='1'><t>x&amp;y</t><other>z</other></r>"),
            "0<r>a=11<t>[x&y]11<other>[]1[]0");
}

TEST(XmlScannerTest, PiecesMayBeCutAnywhere) {
  const std::string text = "<?xml version='1.0'?><r><t a='&lt;é'>一<![CDATA[<]]></t><!-- c --></r>";
  EXPECT_EQ(scan(text, 1), scan(text));
  EXPECT_EQ(scan(text), "0<r>1<t>a=<é[一<]1[]0");
}

TEST(XmlScannerTest, ADocumentTypeIsRefusedAndSoIsEveryEntity) {
  EXPECT_EQ(scan("<!DOCTYPE r [<!ENTITY a 'aaaa'><!ENTITY b '&a;&a;'>]><r>&b;</r>"),
            "invalid_data: line 1: a document type, which such a file does not have");
  EXPECT_TRUE(scan("<!DOCTYPE r SYSTEM 'file:///etc/passwd'><r/>").starts_with("invalid_data"));
  EXPECT_TRUE(scan("<r>&unknown;</r>").starts_with("invalid_data"));
}

TEST(XmlScannerTest, DepthTagsAndTextsAreBounded) {
  std::string deep;
  for (std::size_t i = 0; i < kMaxXmlDepth + 1; ++i) deep += "<d>";
  EXPECT_EQ(scan(deep), "too_large: line 1: elements nested deeper than the limit");
  const std::string tag = "<r a='" + std::string(2 * kMaxXmlTagBytes, 'x');
  EXPECT_EQ(scan(tag), "too_large: a tag longer than the limit");
  EXPECT_TRUE(scan("<r><t>" + std::string(kMaxXmlTextBytes + 1, 'x') + "</t></r>")
                  .starts_with("too_large"));
  EXPECT_EQ(scan("<r>" + std::string(2 * kMaxXmlTagBytes, 'x') + "</r>"), "0<r>[]0");
}

TEST(XmlScannerTest, WhatIsCutShortOrNoXmlIsAnError) {
  EXPECT_TRUE(scan("").starts_with("invalid_data"));
  EXPECT_TRUE(scan("<r><t>").starts_with("invalid_data: line 1"));
  EXPECT_TRUE(scan("no xml").starts_with("invalid_data"));
  EXPECT_TRUE(scan("<r>\n<t></r>").starts_with("invalid_data: line 2"));
}

TEST(XmlScannerTest, TheVisitorsErrorEndsTheScan) {
  EXPECT_EQ(scan("<r><refused/><later/></r>"), "invalid_data: line 1: not this");
}

}  // namespace
}  // namespace assay::agent
