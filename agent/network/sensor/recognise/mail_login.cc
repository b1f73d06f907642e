#include "agent/network/sensor/recognise/mail_login.h"

#include "agent/network/sensor/recognise/lines.h"

namespace assay::agent::sensor {

Secret secret_of_mechanism(std::string_view mechanism) {
  if (is_same_word(mechanism, "PLAIN") || is_same_word(mechanism, "LOGIN"))
    return Secret::kPassword;
  if (is_same_word(mechanism, "XOAUTH2") || is_same_word(mechanism, "OAUTHBEARER"))
    return Secret::kToken;
  if (is_same_word(mechanism, "ANONYMOUS")) return Secret::kAnonymous;
  return Secret::kNone;
}

}  // namespace assay::agent::sensor
