#include "agent/probes/linux/accounts/login_rules/sshd_methods.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>
#include <set>
#include <utility>

namespace assay::agent {
namespace {

constexpr std::string_view kAsksPam = "keyboard-interactive";

struct Offered {
  std::string_view setting;
  std::string_view method;
  std::string_view unset;
};
constexpr std::array<Offered, 5> kOffered = {
    Offered{"pubkeyauthentication", "publickey", "yes"},
    Offered{"passwordauthentication", "password", "yes"},
    Offered{"kbdinteractiveauthentication", kAsksPam, "yes"},
    Offered{"gssapiauthentication", "gssapi-with-mic", "no"},
    Offered{"hostbasedauthentication", "hostbased", "no"},
};

std::string value_of(const SshdSettings& settings, const Offered& offered) {
  // The old name of the same setting.
  if (offered.method == kAsksPam && settings.global(offered.setting) == nullptr)
    return settings.value("challengeresponseauthentication", offered.unset);
  return settings.value(offered.setting, offered.unset);
}

// What somebody who has the password alone can pass is one proof, however it is asked for.
std::string_view proof_of(std::string_view method) {
  return method == kAsksPam ? "password" : method;
}

// With a password, too, sshd asks the whole stack of PAM, and has one answer for all its questions.
bool asks_pam(std::string_view method) {
  return method == kAsksPam || method == "password";
}

}  // namespace

std::vector<std::string> methods_of(std::string_view way) {
  std::vector<std::string> methods;
  for (;;) {
    const auto end = way.find(',');
    const auto method = way.substr(0, end);
    methods.emplace_back(method.substr(0, method.find(':')));
    if (end == std::string_view::npos) return methods;
    way.remove_prefix(end + 1);
  }
}

bool asks_twice(const std::vector<std::vector<std::string>>& ways) {
  return !ways.empty() && std::ranges::all_of(ways, [](const auto& way) {
    std::set<std::string_view> proofs;
    for (const auto& method : way) proofs.insert(proof_of(method));
    return proofs.size() > 1;
  });
}

std::string way_around_pam(const SshdMethods& methods) {
  if (!methods.uses_pam) return "UsePAM is no";
  for (const auto& way : methods.ways)
    if (std::ranges::find_if(way, asks_pam) == way.end())
      return fmt::format("{}", fmt::join(way, ","));
  return {};
}

Result<std::optional<SshdMethods>> read_sshd_methods(Host& host) {
  const auto settings = SshdSettings::read(host);
  if (!settings && settings.error().code() == Code::kNotFound) return std::optional<SshdMethods>();
  if (!settings) return fail(settings.error());
  SshdMethods methods;
  methods.uses_pam = settings->value("usepam", "no") == "yes";
  const auto* line = settings->global("authenticationmethods");
  const auto ways = line == nullptr ? std::vector<std::string>() : sshd_arguments(line->value);
  if (!ways.empty() && ways[0] != "any") {
    methods.line = *line;
    for (const auto& way : ways) methods.ways.push_back(methods_of(way));
  } else {
    for (const auto& offered : kOffered)
      if (const auto value = value_of(*settings, offered); value != "no")
        methods.ways.push_back({std::string(offered.method)});
  }
  for (const auto* word : settings->matched("authenticationmethods"))
    methods.matched.push_back(*word);
  if (const auto* word = settings->global("pubkeyauthoptions");
      word != nullptr && word->value.find("verify-required") != std::string::npos)
    methods.verify_keys = *word;
  return std::optional(std::move(methods));
}

}  // namespace assay::agent
