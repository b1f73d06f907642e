// tests/vectors/evidence.json, which a second implementation (check_vectors.py) reads too.
#include <gtest/gtest.h>

#include <fstream>
#include <nlohmann/json.hpp>

#include "evidence/bundle.h"
#include "evidence/canonical.h"
#include "evidence/manifest.h"
#include "evidence/signature.h"
#include "evidence/tar.h"

namespace assay::evidence {
namespace {

using Json = nlohmann::ordered_json;

const Json& vectors() {
  static const Json kVectors = Json::parse(std::ifstream(ASSAY_EVIDENCE_VECTORS));
  return kVectors;
}

std::string from_hex(const std::string& text) {
  std::string bytes;
  for (std::size_t i = 0; i + 1 < text.size(); i += 2)
    bytes.push_back(static_cast<char>(std::stoi(text.substr(i, 2), nullptr, 16)));
  return bytes;
}

std::string from_base64(const std::string& text) {
  static constexpr std::string_view kDigits =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  std::string bytes;
  unsigned bits = 0;
  unsigned count = 0;
  for (const char c : text.substr(0, text.find('='))) {
    bits = (bits << 6U) | static_cast<unsigned>(kDigits.find(c));
    count += 6;
    if (count < 8) continue;
    count -= 8;
    bytes.push_back(static_cast<char>((bits >> count) & 255U));
  }
  return bytes;
}

// The bytes of a refused vector.
std::string raw(const Json& vector) {
  return vector.contains("hex") ? from_hex(vector["hex"]) : vector["text"].get<std::string>();
}

std::string text_of(const Json& neutral) {
  return neutral.is_object() ? from_hex(neutral["hex"]) : neutral.get<std::string>();
}

Value value_of(const Json& cell) {
  if (cell.is_null()) return kNull;
  if (cell.is_number()) return cell.get<std::int64_t>();
  if (cell.contains("integer")) return std::int64_t{std::stoll(cell["integer"].get<std::string>())};
  return text_of(cell);
}

Table table_of(const Json& vector) {
  Header header{vector["table"], vector["version"], {}};
  for (const auto& column : vector["columns"])
    header.columns.push_back({column[0], column[1] == "text" ? Type::kText : Type::kInteger});
  Table table(std::move(header));
  for (const auto& cells : vector["rows"]) {
    Row row;
    for (const auto& cell : cells) row.push_back(value_of(cell));
    table.add_row(std::move(row));
  }
  return table;
}

std::optional<Digest> digest_of(const Json& text) {
  if (text.is_null()) return std::nullopt;
  return Digest::from_hex(text.get<std::string>()).value();
}

Manifest manifest_of(const Json& fields) {
  Manifest manifest;
  manifest.host_id = fields["host_id"];
  manifest.host_name = text_of(fields["host_name"]);
  manifest.agent_version = fields["agent_version"];
  manifest.config_digest = *digest_of(fields["config_digest"]);
  manifest.profile = fields["profile"];
  manifest.sequence = fields["sequence"];
  manifest.previous = digest_of(fields["previous"]);
  manifest.started = fields["started"];
  manifest.ended = fields["ended"];
  for (const auto& entry : fields["tables"]) {
    manifest.tables.push_back(
        {entry["name"], entry["status"] == "ok" ? TableStatus::kOk : TableStatus::kUnavailable,
         entry["reason"], digest_of(entry["digest"]), entry["rows"], entry["bytes"], entry["ms"]});
    if (entry.contains("collected")) manifest.tables.back().collected = entry["collected"];
  }
  return manifest;
}

// Runs `check` on every vector of a group; a group must not be empty.
template <typename Check>
void each(const char* group, const Check& check) {
  ASSERT_FALSE(vectors().at(group).empty());
  for (const auto& vector : vectors().at(group)) {
    SCOPED_TRACE(std::string(group) + ": " + vector["name"].get<std::string>());
    check(vector);
  }
}

TEST(Vectors, TablesHaveTheStatedBytesAndDigest) {
  each("tables", [](const Json& vector) {
    const auto bytes = to_canonical(table_of(vector));
    ASSERT_TRUE(bytes);
    EXPECT_EQ(*bytes, vector["canonical"].get<std::string>());
    EXPECT_EQ(sha256(*bytes).hex(), vector["digest"].get<std::string>());
    const auto again = from_canonical(*bytes);
    ASSERT_TRUE(again) << again.error().message();
    EXPECT_EQ(to_canonical(*again).value(), *bytes);
    const auto outline = outline_of_canonical(*bytes);
    ASSERT_TRUE(outline) << outline.error().message();
    EXPECT_EQ(outline->rows, again->rows().size());
  });
}

TEST(Vectors, RefusedTablesAreRefused) {
  each("refused_tables", [](const Json& v) {
    EXPECT_FALSE(from_canonical(raw(v)));
    EXPECT_FALSE(outline_of_canonical(raw(v)));
  });
}

TEST(Vectors, ManifestsHaveTheStatedBytesAndDigest) {
  each("manifests", [](const Json& vector) {
    const Manifest manifest = manifest_of(vector["fields"]);
    const auto bytes = to_canonical(manifest);
    ASSERT_TRUE(bytes) << bytes.error().message();
    EXPECT_EQ(*bytes, vector["canonical"].get<std::string>());
    EXPECT_EQ(sha256(*bytes).hex(), vector["digest"].get<std::string>());
    EXPECT_EQ(manifest_from_canonical(*bytes).value(), manifest);
  });
}

TEST(Vectors, RefusedManifestsAreRefused) {
  each("refused_manifests", [](const Json& v) { EXPECT_FALSE(manifest_from_canonical(raw(v))); });
}

Status check_signature(const Json& vector) {
  return verify_signature(vector["certificate"].get<std::string>(),
                          vector["message"].get<std::string>(), from_hex(vector["signature"]));
}

TEST(Vectors, SignaturesAreGoodAndCertificatesSayWhatIsStated) {
  each("signatures", [](const Json& vector) {
    EXPECT_TRUE(check_signature(vector));
    const auto facts = read_certificate(vector["certificate"].get<std::string>());
    ASSERT_TRUE(facts);
    EXPECT_EQ(facts->host_id, vector["host_id"].get<std::string>());
    EXPECT_EQ(facts->serial, vector["serial"].get<std::string>());
    EXPECT_EQ(facts->fingerprint.hex(), vector["fingerprint"].get<std::string>());
  });
}

TEST(Vectors, RefusedSignaturesAreRefused) {
  each("refused_signatures", [](const Json& v) { EXPECT_FALSE(check_signature(v)); });
}

Status check_issued(const Json& vector) {
  return verify_issued_by(vector["certificate"].get<std::string>(), vector["ca"].get<std::string>(),
                          from_timestamp(vector["when"].get<std::string>()).value());
}

TEST(Vectors, CertificatesAreTheirCas) {
  each("issued", [](const Json& v) { EXPECT_TRUE(check_issued(v)); });
}

TEST(Vectors, CertificatesOfOthersAreRefused) {
  each("refused_issued", [](const Json& v) { EXPECT_FALSE(check_issued(v)); });
}

TEST(Vectors, BundlesAreGoodAndHoldTheStatedFiles) {
  each("bundles", [](const Json& vector) {
    const auto bundle = bundle_from_bytes(from_base64(vector["base64"]));
    ASSERT_TRUE(bundle) << bundle.error().message();
    EXPECT_TRUE(verify(*bundle, {}).is_good());
    const std::string archive = to_archive(*bundle).value();
    EXPECT_EQ(sha256(archive).hex(), vector["archive_digest"].get<std::string>());
    Json files = Json::object();
    const auto members = read_tar(archive).value();
    for (const auto& [name, content] : members) files[std::string(name)] = sha256(content).hex();
    EXPECT_EQ(files, vector["files"]);
  });
}

TEST(Vectors, RefusedBundlesAreRefusedOrFoundBad) {
  each("refused_bundles", [](const Json& vector) {
    const auto bundle = bundle_from_bytes(from_base64(vector["base64"]));
    EXPECT_FALSE(bundle && verify(*bundle, {}).is_good());
  });
}

}  // namespace
}  // namespace assay::evidence
