#include "agent/probes/linux/accounts/login_rules/mfa_modules.h"

#include <algorithm>
#include <array>

namespace assay::agent {
namespace {

struct Known {
  std::string_view module;
  SecondFactor factor;
};

constexpr std::string_view kServerDecides =
    "whether the server behind it asks for a second factor is not known here";

constexpr std::array<Known, 21> kKnown = {{
    {"pam_google_authenticator", {"one_time_code", "nullok", ""}},
    {"pam_oath", {"one_time_code", "", ""}},
    {"pam_otpw", {"one_time_code", "", ""}},
    {"pam_opie", {"one_time_code", "", ""}},
    {"pam_linotp", {"one_time_code", "", kServerDecides}},
    {"pam_privacyidea", {"one_time_code", "", kServerDecides}},
    {"pam_totp", {"one_time_code", "", ""}},
    {"pam_u2f", {"fido", "nouserok", ""}},
    {"pam_yubico", {"yubikey", "nullok", ""}},
    {"pam_duo", {"push", "", "passes when Duo cannot be reached, unless its failmode is secure"}},
    {"pam_okta", {"push", "", kServerDecides}},
    {"pam_radius_auth", {"radius", "", kServerDecides}},
    {"pam_radius", {"radius", "", kServerDecides}},
    {"pam_tacplus", {"tacacs", "", kServerDecides}},
    {"pam_pkcs11", {"smartcard", "", ""}},
    {"pam_p11", {"smartcard", "", ""}},
    {"pam_securid", {"securid", "", ""}},
    {"pam_rsa", {"securid", "", ""}},
    {"pam_himmelblau", {"identity_provider", "", kServerDecides}},
    {"pam_aad", {"identity_provider", "", kServerDecides}},
    {"pam_authd", {"identity_provider", "", kServerDecides}},
}};

}  // namespace

std::optional<SecondFactor> second_factor_of(const PamEntry& entry) {
  const auto found = std::ranges::find(kKnown, entry.module, &Known::module);
  if (found != kKnown.end()) return found->factor;
  const bool is_smartcard =
      entry.has_argument("require_cert_auth") || entry.has_argument("try_cert_auth");
  if (entry.module == "pam_sss" && is_smartcard)
    return SecondFactor{"smartcard", "try_cert_auth", "for accounts of the directory"};
  const bool is_privacyidea = std::ranges::any_of(entry.arguments, [](const std::string& text) {
    return text.find("privacyidea") != std::string::npos;
  });
  if (entry.module == "pam_python" && is_privacyidea)
    return SecondFactor{"one_time_code", "", kServerDecides};
  return std::nullopt;
}

}  // namespace assay::agent
