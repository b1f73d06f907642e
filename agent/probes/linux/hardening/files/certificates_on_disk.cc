#include "agent/probes/linux/hardening/files/certificates_on_disk.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "agent/certificates/certificate_reader.h"
#include "agent/probes/linux/hardening/files/file_places.h"
#include "agent/probes/linux/text/cells.h"

namespace assay::agent {
namespace {

constexpr auto kLeftOut = std::to_array<std::string_view>(
    {"/etc/ca-certificates/extracted/", "/etc/pki/ca-trust/extracted/", "/var/lib/ca-certificates/",
     "/var/cache/", "/tmp/", "/var/tmp/", "/boot/", "/run/", "/dev/"});
// The authorities that the distribution trusts: links into packages, and bundles made of them.
constexpr std::string_view kTrusted = "/etc/ssl/certs/";

void add(evidence::Table& table, const std::string& path, const Certificate& certificate) {
  table.add({{"common_name", text_or_null(certificate.common_name)},
             {"subject", text_or_null(certificate.subject)},
             {"issuer", text_or_null(certificate.issuer)},
             {"ca", std::int64_t{certificate.is_authority ? 1 : 0}},
             {"self_signed", std::int64_t{certificate.is_self_signed ? 1 : 0}},
             {"not_valid_before", certificate.not_before},
             {"not_valid_after", certificate.not_after},
             {"signing_algorithm", text_or_null(certificate.signing_algorithm)},
             {"key_algorithm", text_or_null(certificate.key_algorithm)},
             {"key_strength", certificate.key_bits == 0
                                  ? evidence::Value{}
                                  : evidence::Value{std::to_string(certificate.key_bits)}},
             {"key_usage", text_or_null(certificate.key_usage)},
             {"serial", text_or_null(certificate.serial)},
             {"sha1", text_or_null(certificate.sha1)},
             {"path", path},
             {"sha256", text_or_null(certificate.sha256)},
             {"subject_alternative_names", text_or_null(certificate.alternative_names)}});
}

void add_note(evidence::Table& table, const std::string& path, std::string note) {
  table.add({{"path", path}, {"note", std::move(note)}});
}

bool says_certificate(std::string_view name) {
  if (name.size() < 5) return false;
  const auto end = name.substr(name.size() - 4);
  return end == ".pem" || end == ".crt" || end == ".cer" || end == ".der" ||
         (end == "cert" && name[name.size() - 5] == '.');
}

}  // namespace

bool may_hold_certificates(std::string_view path) {
  if (!says_certificate(path.substr(path.rfind('/') + 1))) return false;
  if (std::ranges::any_of(kLeftOut,
                          [&](std::string_view folder) { return path.starts_with(folder); }))
    return false;
  return !is_of_another_system(path) && !is_sample_of_a_package(path);
}

void CertificatesOnDisk::visit(const TreeEntry& entry) {
  if (entry.status.kind != FileKind::kRegular || !says_certificate(entry.name)) return;
  if (!may_hold_certificates(entry.path)) return;
  const bool is_kept = shares_.admit(entry.path, entry.status.uid);
  if (shares_.has_just_closed())
    std::erase_if(found_,
                  [&](const Found& found) { return shares_.is_closed(found.path, found.uid); });
  if (is_kept)
    found_.push_back({std::string(entry.path), entry.status.size_bytes, entry.status.uid});
}

Result<evidence::Table> CertificatesOnDisk::finish(Host& host, const WalkSummary& walk) {
  if (walk.unreadable > 0)
    return fail(Code::kPermissionDenied,
                fmt::format("{} folders could not be looked into, the first is {}", walk.unreadable,
                            walk.first_unreadable));
  evidence::Table table(*evidence::find_table("certificates_on_disk"));
  for (const auto& found : found_) {
    const auto bytes = host.read_start(found.path, kMaxCertificateBytes);
    if (!bytes) {
      if (bytes.error().code() == Code::kNotFound) continue;  // gone meanwhile
      add_note(table, found.path, "cannot be read: " + bytes.error().message());
      continue;
    }
    const auto file = read_certificates(*bytes);
    if (file.is_bundle) {
      if (!found.path.starts_with(kTrusted))
        add_note(table, found.path,
                 fmt::format("a bundle of more than {} certificates, which are not listed",
                             kMaxCertificatesOfAServer));
      continue;
    }
    for (const auto& certificate : file.certificates) add(table, found.path, certificate);
    if (file.unreadable > 0)
      add_note(table, found.path,
               found.size_bytes > kMaxCertificateBytes
                   ? fmt::format("longer than {} bytes; the rest is not read", kMaxCertificateBytes)
                   : "holds something that says it is a certificate and is none");
  }
  for (auto& place : unseen_places(walk)) add_note(table, place.path, std::move(place.note));
  for (auto& place : shares_.closed()) add_note(table, place.path, std::move(place.note));
  return table;
}

std::unique_ptr<Walker> make_certificates_on_disk() {
  return std::make_unique<CertificatesOnDisk>();
}

}  // namespace assay::agent
