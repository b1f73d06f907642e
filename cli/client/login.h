// Where the collector is and how to prove who asks: $XDG_CONFIG_HOME/assay/login.json, mode 0600.
#pragma once

#include <string>
#include <string_view>

#include "cli/terminal/refusal.h"
#include "evidence/result.h"

namespace assay::cli {

struct Login {
  std::string url;     // https://host:port, no slash at the end
  std::string token;   // the secret part only
  std::string ca_pem;  // the only CA that is trusted
};

// $XDG_CONFIG_HOME/assay/login.json, else ~/.config/assay/login.json. kConfiguration without both.
[[nodiscard]] Result<std::string> login_path();

[[nodiscard]] Status save(const Login& login);
// What was saved, with $ASSAY_URL, $ASSAY_TOKEN and $ASSAY_CA (a file) in place of what it says.
// kConfiguration when nobody has logged in, the file is damaged, or others may read it.
[[nodiscard]] Result<Login> load_login();

// "host:7444" and "https://host:7444/" as "https://host:7444". kUsage for anything but https.
[[nodiscard]] Result<std::string> normal_url(std::string_view text);

// A token as it was given to a person: "<secret>.<fingerprint of the CA>", or the secret alone.
struct TokenParts {
  std::string secret;
  std::string ca_fingerprint;  // may be empty
};
[[nodiscard]] TokenParts split_token(std::string_view text);

}  // namespace assay::cli
