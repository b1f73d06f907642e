#include "evidence/bundle.h"

#include <gtest/gtest.h>

#include "evidence/compress.h"
#include "evidence/limits.h"
#include "evidence/tar.h"
#include "tests/unit/evidence/sample.h"

namespace assay::evidence {
namespace {

std::string archive_of(const std::vector<TarMember>& members) {
  return write_tar(members).value();
}

const std::string kStem = "manifests/000000000001-" + std::string(64, 'a');

TEST(Bundle, ReadsWhatItWrote) {
  const auto sample = sample_bundle(3);
  auto read = bundle_from_bytes(to_bytes(sample.bundle).value());
  ASSERT_TRUE(read);
  for (auto& manifest : read->manifests) manifest.name.clear();  // only a reader knows names
  EXPECT_EQ(*read, sample.bundle);
}

TEST(Bundle, TheSameBundleIsTheSameBytes) {
  const auto sample = sample_bundle(3);
  Bundle turned = sample.bundle;
  std::swap(turned.manifests.front(), turned.manifests.back());
  const std::string archive = to_archive(sample.bundle).value();
  EXPECT_EQ(to_archive(turned).value(), archive);
  EXPECT_EQ(to_archive(bundle_from_archive(archive).value()).value(), archive);
}

TEST(Bundle, NamesItsFilesAsThePageSays) {
  const auto sample = sample_bundle(1);
  const std::string archive = to_archive(sample.bundle).value();
  std::vector<std::string> names;
  const auto members = read_tar(archive).value();
  for (const auto& member : members) names.emplace_back(member.name);
  const std::string stem =
      "manifests/000000000001-" + sha256(sample.bundle.manifests[0].manifest).hex();
  const std::vector<std::string> expected{
      "ca.pem", "certificates/" + std::string(kSampleHost) + "-1234.pem", stem + ".json",
      stem + ".sig", "tables/" + sample.bundle.tables.begin()->first.hex() + ".jsonl"};
  EXPECT_EQ(names, expected);
}

TEST(Bundle, OfAHostThatWasNotEnrolledHasNoSignature) {
  Manifest manifest = sample_manifest(0);
  manifest.host_id.clear();
  const Bundle bundle{.manifests = {{to_canonical(manifest).value(), "", ""}}};
  const auto read = bundle_from_bytes(to_bytes(bundle).value());
  ASSERT_TRUE(read);
  EXPECT_EQ(read->manifests.at(0).signature, "");
}

TEST(Bundle, WritesCertificatesInOneForm) {
  auto sample = sample_bundle(1);
  const std::string expected = to_archive(sample.bundle).value();
  sample.bundle.certificates[0].insert(0, "a remark\n");
  EXPECT_EQ(to_archive(sample.bundle).value(), expected);
}

TEST(Bundle, RefusesToWriteWhatItCannotName) {
  EXPECT_FALSE(to_bytes(Bundle{.manifests = {{"{}", "", ""}}}));
  EXPECT_FALSE(to_bytes(Bundle{.certificates = {"rubbish"}}));
  EXPECT_FALSE(to_bytes(Bundle{.certificates = {make_authority().certificate}}));  // no host
  EXPECT_FALSE(to_bytes(Bundle{.ca = "rubbish"}));
}

TEST(Bundle, RefusesFilesThatDoNotBelong) {
  for (const std::string& name :
       {std::string("readme.txt"), std::string("tables/x.jsonl"),
        "tables/" + std::string(64, 'A') + ".jsonl", "tables/" + std::string(64, 'a'),
        std::string("manifests/1.json"), kStem + ".txt",
        "manifests/00000000001-" + std::string(64, 'a') + ".json", "sub/" + kStem + ".json"})
    EXPECT_FALSE(bundle_from_archive(archive_of({{name, "x"}}))) << name;
}

TEST(Bundle, RefusesASignatureThatIsAloneEmptyOrTooLong) {
  const std::string json = kStem + ".json";
  const std::string sig = kStem + ".sig";
  EXPECT_TRUE(bundle_from_archive(archive_of({{json, "{}"}, {sig, "x"}})));
  EXPECT_FALSE(bundle_from_archive(archive_of({{sig, "x"}})));
  EXPECT_FALSE(bundle_from_archive(archive_of({{json, "{}"}, {sig, ""}})));
  EXPECT_FALSE(bundle_from_archive(archive_of({{json, "{}"}, {sig, std::string(73, 'x')}})));
}

TEST(Bundle, RefusesACertificateUnderAnotherName) {
  const auto agent = make_agent(make_authority(), "host-1");
  const auto read = [&agent](std::string_view name, const std::string& before) {
    const std::string pem = before + agent.certificate;
    return bundle_from_archive(archive_of({{name, pem}})).has_value();
  };
  EXPECT_TRUE(read("certificates/host-1-1234.pem", ""));
  EXPECT_FALSE(read("certificates/host-2-1234.pem", ""));
  EXPECT_FALSE(read("certificates/host-1-1235.pem", ""));
  EXPECT_FALSE(read("certificates/host-1-1234.pem", "a remark\n"));
}

TEST(Bundle, RefusesAManifestOverItsLimit) {
  const std::string json(kMaxManifestBytes + 1, ' ');
  EXPECT_FALSE(bundle_from_archive(archive_of({{kStem + ".json", json}})));
}

TEST(Bundle, RefusesABombAndRubbish) {
  EXPECT_FALSE(bundle_from_bytes(""));
  EXPECT_FALSE(bundle_from_bytes("rubbish"));
  const std::string zeros = compress(std::string(64 << 20, '\0')).value();
  EXPECT_FALSE(bundle_from_bytes(zeros));
}

}  // namespace
}  // namespace assay::evidence
