#include "agent/certificates/certificate_reader.h"

#include <arpa/inet.h>
#include <openssl/bio.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509.h>
#include <openssl/x509v3.h>

#include <array>
#include <ctime>
#include <memory>
#include <optional>

#include "evidence/openssl_freed.h"

namespace assay::agent {
namespace {

using evidence::Freed;
using Bio = std::unique_ptr<BIO, Freed<BIO_free>>;
using X509Pointer = ParsedCertificate;

constexpr std::size_t kMaxNameBytes = 8192;

std::string hexadecimal(const unsigned char* bytes, std::size_t length) {
  constexpr std::string_view kDigits = "0123456789abcdef";
  std::string text;
  for (std::size_t i = 0; i < length; ++i) {
    text += kDigits[bytes[i] >> 4U];
    text += kDigits[bytes[i] & 15U];
  }
  return text;
}

// A NUL in the middle of a name has made readers in C believe half of it.
std::string readable(std::string_view text) {
  constexpr std::string_view kDigits = "0123456789ABCDEF";
  std::string out;
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (byte >= 0x20 && byte != 0x7F) {
      out += c;
      continue;
    }
    out += '\\';
    out += kDigits[byte >> 4U];
    out += kDigits[byte & 15U];
  }
  return out;
}

std::string name_text(const X509_NAME* name) {
  const Bio out(BIO_new(BIO_s_mem()));
  if (!out || name == nullptr) return {};
  // UTF-8 as it is; control characters and the separators escaped.
  X509_NAME_print_ex(out.get(), name, 0, XN_FLAG_ONELINE & ~ASN1_STRFLGS_ESC_MSB);
  char* text = nullptr;
  const long length = BIO_get_mem_data(out.get(), &text);
  if (length <= 0) return {};
  return std::string(text, std::min(static_cast<std::size_t>(length), kMaxNameBytes));
}

std::string common_name(const X509_NAME* name) {
  int at = -1;
  int last = -1;
  while ((at = X509_NAME_get_index_by_NID(name, NID_commonName, at)) >= 0) last = at;
  if (last < 0) return {};
  unsigned char* text = nullptr;
  const int length =
      ASN1_STRING_to_UTF8(&text, X509_NAME_ENTRY_get_data(X509_NAME_get_entry(name, last)));
  if (length < 0) return {};
  std::string result(reinterpret_cast<char*>(text),
                     std::min(static_cast<std::size_t>(length), kMaxNameBytes));
  OPENSSL_free(text);
  return readable(result);
}

std::optional<std::int64_t> seconds(const ASN1_TIME* time) {
  std::tm parts{};
  if (time == nullptr || ASN1_TIME_to_tm(time, &parts) != 1) return std::nullopt;
  return ::timegm(&parts);
}

std::string long_name(int nid) {
  const char* name = nid == NID_undef ? nullptr : OBJ_nid2ln(nid);
  return name == nullptr ? std::string() : std::string(name);
}

std::string fingerprint(const X509* certificate, const EVP_MD* digest) {
  std::array<unsigned char, EVP_MAX_MD_SIZE> bytes{};
  unsigned length = 0;
  if (X509_digest(certificate, digest, bytes.data(), &length) != 1) return {};
  return hexadecimal(bytes.data(), length);
}

std::string serial_of(X509* certificate) {
  const auto* serial = X509_get0_serialNumber(certificate);
  if (serial == nullptr) return {};
  return hexadecimal(ASN1_STRING_get0_data(serial),
                     static_cast<std::size_t>(std::max(0, ASN1_STRING_length(serial))));
}

void append(std::string& list, std::string_view text, std::string_view separator) {
  if (text.empty() || list.size() + text.size() + 2 > kMaxAlternativeNameBytes) return;
  if (!list.empty()) list += separator;
  list += text;
}

std::string address_text(const ASN1_OCTET_STRING* address) {
  std::array<char, INET6_ADDRSTRLEN> text{};
  const int family = ASN1_STRING_length(address) == 4    ? AF_INET
                     : ASN1_STRING_length(address) == 16 ? AF_INET6
                                                         : 0;
  if (family == 0 ||
      ::inet_ntop(family, ASN1_STRING_get0_data(address), text.data(), text.size()) == nullptr)
    return {};
  return text.data();
}

void take_alternative_names(const X509* x509, Certificate* certificate) {
  const std::unique_ptr<GENERAL_NAMES, Freed<GENERAL_NAMES_free>> names(
      static_cast<GENERAL_NAMES*>(X509_get_ext_d2i(x509, NID_subject_alt_name, nullptr, nullptr)));
  for (int i = 0; names && i < sk_GENERAL_NAME_num(names.get()); ++i) {
    const auto* name = sk_GENERAL_NAME_value(names.get(), i);
    if (name->type != GEN_DNS && name->type != GEN_IPADD) continue;
    ++certificate->alternative_name_count;
    if (name->type == GEN_IPADD) {
      append(certificate->alternative_names, address_text(name->d.iPAddress), " ");
      continue;
    }
    const auto* text = name->d.dNSName;
    append(certificate->alternative_names,
           readable({reinterpret_cast<const char*>(ASN1_STRING_get0_data(text)),
                     static_cast<std::size_t>(std::max(0, ASN1_STRING_length(text)))}),
           " ");
  }
}

std::string key_usage(X509* certificate) {
  if ((X509_get_extension_flags(certificate) & EXFLAG_KUSAGE) == 0) return {};
  struct Usage {
    std::uint32_t bit;
    std::string_view name;
  };
  constexpr std::array<Usage, 7> kUsages = {{{KU_DIGITAL_SIGNATURE, "digitalSignature"},
                                             {KU_NON_REPUDIATION, "nonRepudiation"},
                                             {KU_KEY_ENCIPHERMENT, "keyEncipherment"},
                                             {KU_DATA_ENCIPHERMENT, "dataEncipherment"},
                                             {KU_KEY_AGREEMENT, "keyAgreement"},
                                             {KU_KEY_CERT_SIGN, "keyCertSign"},
                                             {KU_CRL_SIGN, "cRLSign"}}};
  const auto bits = X509_get_key_usage(certificate);
  std::string list;
  for (const auto& usage : kUsages)
    if ((bits & usage.bit) != 0) append(list, usage.name, ",");
  return list;
}

std::optional<Certificate> facts_of(X509* x509) {
  Certificate certificate;
  const auto not_before = seconds(X509_get0_notBefore(x509));
  const auto not_after = seconds(X509_get0_notAfter(x509));
  if (!not_before || !not_after) return std::nullopt;
  certificate.not_before = *not_before;
  certificate.not_after = *not_after;
  certificate.common_name = common_name(X509_get_subject_name(x509));
  certificate.subject = name_text(X509_get_subject_name(x509));
  certificate.issuer = name_text(X509_get_issuer_name(x509));
  take_alternative_names(x509, &certificate);
  certificate.serial = serial_of(x509);
  certificate.signing_algorithm = long_name(X509_get_signature_nid(x509));
  if (const auto* key = X509_get0_pubkey(x509); key != nullptr) {
    certificate.key_algorithm = long_name(EVP_PKEY_get_base_id(key));
    certificate.key_bits = EVP_PKEY_get_bits(key);
  }
  certificate.key_usage = key_usage(x509);
  certificate.sha1 = fingerprint(x509, EVP_sha1());
  certificate.sha256 = fingerprint(x509, EVP_sha256());
  certificate.is_authority = X509_check_ca(x509) > 0;
  certificate.is_self_signed = (X509_get_extension_flags(x509) & EXFLAG_SI) != 0;
  return certificate;
}

X509Pointer from_pem(std::string_view block) {
  const Bio in(BIO_new_mem_buf(block.data(), static_cast<int>(block.size())));
  if (!in) return nullptr;
  // No password is ever asked for: a certificate has none.
  constexpr auto kNoPassword = [](char*, int, int, void*) { return -1; };
  return X509Pointer(PEM_read_bio_X509_AUX(in.get(), nullptr, kNoPassword, nullptr));
}

X509Pointer from_der(std::string_view bytes) {
  const auto* at = reinterpret_cast<const unsigned char*>(bytes.data());
  return X509Pointer(d2i_X509(nullptr, &at, static_cast<long>(bytes.size())));
}

// The name of a PEM block whose first line begins at `text`: "CERTIFICATE".
std::string_view label_at(std::string_view text) {
  constexpr std::string_view kBegin = "-----BEGIN ";
  text.remove_prefix(kBegin.size());
  const auto end = text.find("-----");
  return end == std::string_view::npos || end > 64 ? std::string_view() : text.substr(0, end);
}

bool is_certificate_label(std::string_view label) {
  return label == "CERTIFICATE" || label == "TRUSTED CERTIFICATE" || label == "X509 CERTIFICATE";
}

std::vector<std::string_view> certificate_blocks(std::string_view bytes) {
  std::vector<std::string_view> blocks;
  for (auto at = bytes.find("-----BEGIN "); at != std::string_view::npos;
       at = bytes.find("-----BEGIN ", at + 1)) {
    const auto label = label_at(bytes.substr(at));
    if (!is_certificate_label(label)) continue;
    const auto mark = std::string("-----END ").append(label).append("-----");
    const auto end = bytes.find(mark, at);
    if (end == std::string_view::npos) {
      blocks.push_back(bytes.substr(at));
      break;
    }
    blocks.push_back(bytes.substr(at, end + mark.size() - at));
    at = end;
    if (blocks.size() > kMaxCertificatesOfAServer) break;
  }
  return blocks;
}

}  // namespace

ParsedCertificate parse_der_certificate(std::string_view bytes) {
  if (bytes.size() > kMaxShownCertificateBytes) return nullptr;
  const auto* at = reinterpret_cast<const unsigned char*>(bytes.data());
  const auto* const end = at + bytes.size();
  ParsedCertificate parsed(d2i_X509(nullptr, &at, static_cast<long>(bytes.size())));
  ERR_clear_error();  // what was no certificate is no failure of later calls
  return at == end ? std::move(parsed) : nullptr;
}

std::optional<Certificate> read_certificate(const ParsedCertificate& parsed) {
  auto facts = parsed ? facts_of(parsed.get()) : std::nullopt;
  ERR_clear_error();  // what it lacks is no failure of later calls
  return facts;
}

CertificateFile read_certificates(std::string_view bytes) {
  CertificateFile file;
  bytes = bytes.substr(0, 16 * kMaxCertificateBytes);
  const auto add = [&](const X509Pointer& x509) {
    auto facts = x509 ? facts_of(x509.get()) : std::nullopt;
    if (facts)
      file.certificates.push_back(*std::move(facts));
    else
      ++file.unreadable;
  };
  const auto blocks = certificate_blocks(bytes);
  if (blocks.size() > kMaxCertificatesOfAServer) {
    file.is_bundle = true;
    return file;
  }
  for (const auto block : blocks) add(from_pem(block));
  if (blocks.empty() && bytes.starts_with('\x30'))
    if (const auto x509 = from_der(bytes)) add(x509);
  ERR_clear_error();  // what was no certificate is no failure of later calls
  return file;
}

}  // namespace assay::agent
