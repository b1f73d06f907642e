#include "evidence/bundle_names.h"

#include <algorithm>
#include <array>

#include "evidence/signature.h"

namespace assay::evidence::bundle_names {

std::string of_manifest(std::int64_t sequence, const Digest& digest) {
  const auto digits = std::to_string(sequence);
  return std::string(kSequenceDigits - std::min(digits.size(), kSequenceDigits), '0') + digits +
         "-" + digest.hex();
}

Result<std::string> of_certificate(std::string_view pem) {
  const auto facts = read_certificate(pem);
  if (!facts) return fail(facts.error());
  if (facts->host_id.empty()) return fail(Code::kInvalidData, "a certificate without a host id");
  return facts->host_id + "-" + facts->serial + ".pem";
}

std::string of_table(const Digest& digest) {
  return std::string(kTables) + digest.hex() + ".jsonl";
}

std::string of_stamp(const Digest& checkpoint) {
  return std::string(kStamps) + checkpoint.hex() + ".tst";
}

std::string two_digits(std::size_t number) {
  return (number < 10 ? "0" : "") + std::to_string(number);
}

bool is_one(std::string_view name) {
  constexpr std::array kFolders = {kCertificates, kManifests, kStamps, kTables};
  return name == kCa || std::ranges::any_of(kFolders, [name](std::string_view folder) {
           return name.starts_with(folder);
         });
}

}  // namespace assay::evidence::bundle_names
