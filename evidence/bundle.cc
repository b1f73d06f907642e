#include "evidence/bundle.h"

#include <algorithm>

#include "evidence/bundle_names.h"
#include "evidence/compress.h"
#include "evidence/ledger/time_stamp_token.h"
#include "evidence/ledger/tlog_proof.h"
#include "evidence/limits.h"
#include "evidence/signature.h"
#include "evidence/tar.h"

namespace assay::evidence {

namespace {

using namespace bundle_names;  // NOLINT: what its files are called

bool is_manifest_name(std::string_view name) {
  const auto is_digit = [](char c) { return c >= '0' && c <= '9'; };
  return name.size() == kSequenceDigits + 1 + 2 * kDigestBytes && name[kSequenceDigits] == '-' &&
         std::ranges::all_of(name.substr(0, kSequenceDigits), is_digit) &&
         Digest::from_hex(name.substr(kSequenceDigits + 1)).has_value();
}

// The part of `name` between `prefix` and `suffix`; "" when it is not made so.
std::string_view between(std::string_view name, std::string_view prefix, std::string_view suffix) {
  if (!name.starts_with(prefix) || !name.ends_with(suffix)) return {};
  if (name.size() < prefix.size() + suffix.size()) return {};
  return name.substr(prefix.size(), name.size() - prefix.size() - suffix.size());
}

Status require(bool condition, Code code, const char* otherwise) {
  if (condition) return {};
  return fail(code, otherwise);
}

// Otherwise bytes could be altered around the certificate, or in its encoding, unseen.
Status require_normal_pem(std::string_view pem) {
  const auto normal = normal_pem(pem);
  if (!normal) return fail(normal.error());
  return require(*normal == pem, Code::kInvalidData, "not one certificate in strict PEM");
}

// A proof behind those that are there: they count from 1, in the order of their names.
Status take_witnessed(SignedManifest& manifest, std::string_view number, std::string_view content) {
  if (manifest.logged.empty())
    return fail(Code::kInvalidData, "a co-signed proof without one of logging");
  if (manifest.witnessed.size() == kMaxWitnessedProofs)
    return fail(Code::kTooLarge, "more than 16 co-signed proofs");
  manifest.witnessed.emplace_back(content);
  if (auto is_next = require(number == two_digits(manifest.witnessed.size()), Code::kInvalidData,
                             "co-signed proofs count from 01");
      !is_next)
    return is_next;
  return require(!content.empty() && content.size() <= kMaxTlogProofBytes, Code::kInvalidData,
                 "a proof of logging is up to 160 KiB");
}

// Puts one member where it belongs; the members arrive sorted, a signature behind its manifest.
Status take(Bundle& bundle, const TarMember& member) {
  const auto& [name, content] = member;
  if (name == kCa) {
    bundle.ca = content;
    return require_normal_pem(content);
  }
  if (name.starts_with(kCertificates)) {
    const auto proper = of_certificate(content);
    if (!proper) return fail(proper.error());
    if (auto normal = require_normal_pem(content); !normal) return normal;
    bundle.certificates.emplace_back(content);
    return require(name.substr(kCertificates.size()) == *proper, Code::kInvalidData,
                   "the certificate in it has another host id or serial number");
  }
  if (const auto stem = between(name, kManifests, ".json"); is_manifest_name(stem)) {
    bundle.manifests.push_back({std::string(content), {}, std::string(stem), {}});
    return require(content.size() <= kMaxManifestBytes, Code::kTooLarge, "more than 256 KiB");
  }
  if (const auto stem = between(name, kManifests, ".sig"); is_manifest_name(stem)) {
    if (bundle.manifests.empty() || bundle.manifests.back().name != stem)
      return fail(Code::kInvalidData, "a signature without its manifest");
    bundle.manifests.back().signature = content;
    return require(!content.empty() && content.size() <= kMaxSignatureBytes, Code::kInvalidData,
                   "a signature is 1 to 72 bytes");
  }
  if (const auto stem = between(name, kManifests, kProof); is_manifest_name(stem)) {
    if (bundle.manifests.empty() || bundle.manifests.back().name != stem)
      return fail(Code::kInvalidData, "a proof of logging without its manifest");
    bundle.manifests.back().logged = content;
    return require(!content.empty() && content.size() <= kMaxTlogProofBytes, Code::kInvalidData,
                   "a proof of logging is up to 160 KiB");
  }
  if (const auto rest = between(name, kManifests, "");
      rest.find(kWitness) != std::string_view::npos) {
    const auto place = rest.find(kWitness);
    if (bundle.manifests.empty() || bundle.manifests.back().name != rest.substr(0, place))
      return fail(Code::kInvalidData, "a proof of logging without its manifest");
    return take_witnessed(bundle.manifests.back(), rest.substr(place + kWitness.size()), content);
  }
  if (const auto digest = Digest::from_hex(between(name, kTables, ".jsonl")); digest) {
    bundle.tables.emplace(*digest, content);
    return {};
  }
  if (const auto digest = Digest::from_hex(between(name, kStamps, ".tst")); digest) {
    bundle.stamps.emplace(*digest, content);
    return require(!content.empty() && content.size() <= kMaxTimeStampBytes, Code::kInvalidData,
                   "a time stamp is up to 64 KiB");
  }
  return fail(Code::kInvalidData, "no such file belongs into a bundle");
}

Result<std::string> manifest_name(const SignedManifest& manifest) {
  if (is_manifest_name(manifest.name)) return manifest.name;
  const auto parsed = manifest_from_canonical(manifest.manifest);
  if (!parsed) return fail(parsed.error());
  return of_manifest(parsed->sequence, sha256(manifest.manifest));
}

}  // namespace

Result<std::string> to_archive(const Bundle& bundle) {
  std::map<std::string, std::string_view> files;
  std::vector<std::string> pems;  // what `files` looks into; never grows beyond what is reserved
  pems.reserve(bundle.certificates.size() + 1);
  if (!bundle.ca.empty()) {
    auto normal = normal_pem(bundle.ca);
    if (!normal) return fail(normal.error().within("bundle: CA"));
    files.emplace(kCa, pems.emplace_back(std::move(*normal)));
  }
  for (const auto& pem : bundle.certificates) {
    const auto name = of_certificate(pem);
    if (!name) return fail(name.error().within("bundle"));
    auto normal = normal_pem(pem);
    if (!normal) return fail(normal.error().within("bundle"));
    const std::string_view added = pems.emplace_back(std::move(*normal));
    const auto [file, is_new] = files.emplace(std::string(kCertificates) + *name, added);
    if (!is_new && file->second != added)
      return fail(Code::kInvalidData, "bundle: two certificates named " + *name);
  }
  for (const auto& manifest : bundle.manifests) {
    const auto name = manifest_name(manifest);
    if (!name) return fail(name.error().within("bundle"));
    const std::string path = std::string(kManifests) + *name;
    files.emplace(path + ".json", manifest.manifest);
    if (!manifest.signature.empty()) files.emplace(path + ".sig", manifest.signature);
    if (!manifest.logged.empty()) files.emplace(path + std::string(kProof), manifest.logged);
    for (std::size_t i = 0; i < manifest.witnessed.size(); ++i)
      files.emplace(path + std::string(kWitness) + two_digits(i + 1), manifest.witnessed[i]);
  }
  for (const auto& [digest, table] : bundle.tables) files.emplace(of_table(digest), table);
  for (const auto& [digest, token] : bundle.stamps) files.emplace(of_stamp(digest), token);

  std::vector<TarMember> members;
  members.reserve(files.size());
  for (const auto& [name, content] : files) members.push_back({name, content});
  return write_tar(members);
}

Result<Bundle> bundle_from_archive(std::string_view archive) {
  const auto members = read_tar(archive);
  if (!members) return fail(members.error().within("bundle"));
  return bundle_from_members(*members);
}

Result<Bundle> bundle_from_members(std::span<const TarMember> members) {
  Bundle bundle;
  for (const auto& member : members)
    if (auto taken = take(bundle, member); !taken)
      return fail(taken.error().within("bundle: " + std::string(member.name)));
  return bundle;
}

Result<std::string> to_bytes(const Bundle& bundle) {
  const auto archive = to_archive(bundle);
  if (!archive) return fail(archive.error());
  return compress(*archive);
}

Result<Bundle> bundle_from_bytes(std::string_view bytes) {
  const auto archive = decompress(bytes, kMaxBundleBytes);
  if (!archive) return fail(archive.error().within("bundle"));
  return bundle_from_archive(*archive);
}

}  // namespace assay::evidence
