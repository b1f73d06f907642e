#include "evidence/manifest.h"

#include <gtest/gtest.h>

#include <functional>

#include "evidence/limits.h"
#include "tests/unit/evidence/sample.h"

namespace assay::evidence {
namespace {

Result<std::string> written_with(const std::function<void(Manifest&)>& change) {
  Manifest manifest = sample_manifest(1);
  change(manifest);
  return to_canonical(manifest);
}

std::string replaced(std::string_view from, std::string_view to) {
  std::string bytes = to_canonical(sample_manifest()).value();
  return bytes.replace(bytes.find(from), from.size(), to);
}

TEST(Manifest, ReadsWhatItWrote) {
  Manifest manifest = sample_manifest(7);
  manifest.previous = sha256("six");
  EXPECT_EQ(manifest_from_canonical(to_canonical(manifest).value()).value(), manifest);
}

TEST(Manifest, IsOneLineWithAFixedOrderOfKeys) {
  const std::string bytes = to_canonical(sample_manifest()).value();
  EXPECT_EQ(bytes.find('\n'), bytes.size() - 1);
  EXPECT_TRUE(bytes.starts_with("{\"assay\":\"manifest/1\",\"host_id\":\""));
}

TEST(Manifest, FindsATableByName) {
  const Manifest manifest = sample_manifest();
  ASSERT_NE(manifest.find("shadow"), nullptr);
  EXPECT_EQ(manifest.find("shadow")->status, TableStatus::kUnavailable);
  EXPECT_EQ(manifest.find("nothing"), nullptr);
}

TEST(Manifest, AHostNameMayHoldAnyBytes) {
  Manifest manifest = sample_manifest();
  manifest.host_name = "w\xff\"\n";
  EXPECT_EQ(manifest_from_canonical(to_canonical(manifest).value()).value(), manifest);
}

TEST(Manifest, RefusesWhatContradictsItself) {
  EXPECT_FALSE(written_with([](auto& m) { m.profile = "phone"; }));
  EXPECT_FALSE(written_with([](auto& m) { m.started = "yesterday"; }));
  EXPECT_FALSE(written_with([](auto& m) { m.sequence = -1; }));
  EXPECT_FALSE(written_with([](auto& m) { m.sequence = kMaxSequence + 1; }));
  EXPECT_FALSE(written_with([](auto& m) { m.sequence = 2; }));           // no previous
  EXPECT_FALSE(written_with([](auto& m) { m.previous = sha256(""); }));  // before the first
}

TEST(Manifest, ATableHasADigestOrAReason) {
  EXPECT_FALSE(written_with([](auto& m) { m.tables[0].digest.reset(); }));
  EXPECT_FALSE(written_with([](auto& m) { m.tables[0].reason = "because"; }));
  EXPECT_FALSE(written_with([](auto& m) { m.tables[1].reason = ""; }));
  EXPECT_FALSE(written_with([](auto& m) { m.tables[1].digest = sha256(""); }));
}

TEST(Manifest, RefusesTablesOutOfOrderTwiceOrMisnamed) {
  EXPECT_FALSE(written_with([](auto& m) { std::swap(m.tables[0], m.tables[1]); }));
  EXPECT_FALSE(written_with([](auto& m) { m.tables[1] = m.tables[0]; }));
  EXPECT_FALSE(written_with([](auto& m) { m.tables[1].name = "../shadow"; }));
}

TEST(Manifest, RefusesNumbersAndReasonsBeyondTheirLimits) {
  EXPECT_FALSE(written_with([](auto& m) { m.tables[0].rows = -1; }));
  EXPECT_FALSE(written_with([](auto& m) { m.tables[0].milliseconds = -1; }));
  EXPECT_FALSE(written_with([](auto& m) { m.tables[0].bytes = kMaxTableBytes + 1; }));
  EXPECT_TRUE(
      written_with([](auto& m) { m.tables[1].reason = std::string(kMaxReasonBytes, 'x'); }));
  EXPECT_FALSE(
      written_with([](auto& m) { m.tables[1].reason = std::string(kMaxReasonBytes + 1, 'x'); }));
}

TEST(Manifest, ARepeatedTableSaysWhenItWasCollected) {
  Manifest manifest = sample_manifest();
  manifest.tables[0].collected = "2026-11-21T01:02:02Z";
  const auto bytes = to_canonical(manifest).value();
  EXPECT_NE(bytes.find(R"("ms":1,"collected":"2026-11-21T01:02:02Z"})"), std::string::npos);
  EXPECT_EQ(manifest_from_canonical(bytes).value(), manifest);
}

TEST(Manifest, WhatIsRepeatedIsOlderThanTheScan) {
  for (const char* time : {"2026-11-21T01:02:03Z", "2026-11-21T01:02:04Z", "2027-01-01T00:00:00Z",
                           "", "yesterday", "2026-11-20T01:02:03+00:00"})
    EXPECT_FALSE(written_with([&](auto& m) { m.tables[0].collected = time; })) << time;
}

TEST(Manifest, HoldsAtMost256KiBAnd256Tables) {
  EXPECT_EQ(manifest_from_canonical(std::string(kMaxManifestBytes + 1, ' ')).error().code(),
            Code::kTooLarge);
  Manifest manifest = sample_manifest();
  manifest.tables.resize(kMaxTablesPerManifest + 1, manifest.tables[0]);
  EXPECT_EQ(to_canonical(manifest).error().code(), Code::kTooLarge);
}

TEST(Manifest, RefusesEveryOtherForm) {
  for (const auto& bytes :
       {replaced("manifest/1", "manifest/2"), replaced("}]}\n", "}]}"),
        replaced("}]}\n", "}]}\n\n"), replaced(",\"profile\"", ", \"profile\""),
        replaced("\"sequence\":1", "\"sequence\":01"), replaced("\"previous\":null,", ""),
        replaced("\"ok\"", "\"okay\""), replaced("\"digest\":\"", "\"digest\":\"A"),
        std::string("{}\n"), std::string()})
    EXPECT_FALSE(manifest_from_canonical(bytes)) << bytes;
}

TEST(Manifest, RefusesToBeCutAnywhere) {
  const std::string bytes = to_canonical(sample_manifest()).value();
  for (std::size_t size = 0; size < bytes.size(); ++size)
    ASSERT_FALSE(manifest_from_canonical(bytes.substr(0, size))) << size;
}

}  // namespace
}  // namespace assay::evidence
