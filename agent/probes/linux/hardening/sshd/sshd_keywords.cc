#include "agent/probes/linux/hardening/sshd/sshd_keywords.h"

#include <array>

namespace assay::agent {
namespace {

using enum SshdValue;

constexpr auto kKeywords = std::to_array<SshdKeyword>({
    {"acceptenv", kEach, "", 0},
    {"addressfamily", kWord, "any", 0},
    {"allowagentforwarding", kWord, "yes", 0},
    {"allowgroups", kEach, "", 0},
    {"allowstreamlocalforwarding", kWord, "yes", 0},
    {"allowtcpforwarding", kWord, "yes", 0},
    {"allowusers", kEach, "", 0},
    {"authenticationmethods", kText, "any", 0},
    {"authorizedkeyscommand", kCommand, "none", 0},
    {"authorizedkeyscommanduser", kText, "none", 0},
    {"authorizedkeysfile", kText, ".ssh/authorized_keys .ssh/authorized_keys2", 0},
    {"authorizedprincipalscommand", kCommand, "none", 0},
    {"authorizedprincipalscommanduser", kText, "none", 0},
    {"authorizedprincipalsfile", kText, "none", 0},
    {"banner", kText, "none", 0},
    {"casignaturealgorithms", kList, "", 709},
    {"challengeresponseauthentication", kWord, "", 0},
    {"channeltimeout", kText, "", 902},
    {"chrootdirectory", kText, "none", 0},
    {"ciphers", kList, "", 0},
    {"clientalivecountmax", kText, "3", 0},
    {"clientaliveinterval", kSeconds, "0", 0},
    {"compression", kWord, "yes", 0},
    {"debianbanner", kWord, "", 0},
    {"denygroups", kEach, "", 0},
    {"denyusers", kEach, "", 0},
    {"disableforwarding", kWord, "no", 704},
    {"exposeauthinfo", kWord, "no", 706},
    {"fingerprinthash", kText, "SHA256", 0},
    {"forcecommand", kCommand, "none", 0},
    {"gatewayports", kWord, "no", 0},
    {"gssapiauthentication", kWord, "no", 0},
    {"gssapicleanupcredentials", kWord, "yes", 0},
    {"gssapikexalgorithms", kList, "", 0},
    {"gssapikeyexchange", kWord, "", 0},
    {"gssapistorecredentialsonrekey", kWord, "", 0},
    {"gssapistrictacceptorcheck", kWord, "yes", 0},
    {"hostbasedacceptedalgorithms", kList, "", 0},
    {"hostbasedauthentication", kWord, "no", 0},
    {"hostbasedusesnamefrompacketonly", kWord, "no", 0},
    {"hostcertificate", kAdds, "", 0},
    {"hostkey", kAdds, "", 0},
    {"hostkeyagent", kText, "none", 0},
    {"hostkeyalgorithms", kList, "", 0},
    {"ignorerhosts", kWord, "yes", 0},
    {"ignoreuserknownhosts", kWord, "no", 0},
    {"include", kText, "", 0},
    {"ipqos", kWord, "", 0},
    {"kbdinteractiveauthentication", kWord, "yes", 0},
    {"kerberosauthentication", kWord, "no", 0},
    {"kerberosgetafstoken", kWord, "", 0},
    {"kerberosorlocalpasswd", kWord, "yes", 0},
    {"kerberosticketcleanup", kWord, "yes", 0},
    {"kexalgorithms", kList, "", 0},
    {"listenaddress", kAdds, "", 0},
    {"logingracetime", kSeconds, "120", 0},
    {"loglevel", kText, "INFO", 0},
    {"logverbose", kText, "", 805},
    {"macs", kList, "", 0},
    {"maxauthtries", kText, "6", 0},
    {"maxsessions", kText, "10", 0},
    {"maxstartups", kText, "10:30:100", 0},
    {"modulifile", kText, "", 0},
    {"passwordauthentication", kWord, "yes", 0},
    {"permitemptypasswords", kWord, "no", 0},
    {"permitlisten", kText, "any", 708},
    {"permitopen", kText, "any", 0},
    {"permitrootlogin", kWord, "prohibit-password", 0},
    {"permittty", kWord, "yes", 0},
    {"permittunnel", kWord, "no", 0},
    {"permituserenvironment", kText, "no", 0},
    {"permituserrc", kWord, "yes", 0},
    {"persourcemaxstartups", kText, "none", 805},
    {"persourcenetblocksize", kText, "32:128", 805},
    {"persourcepenalties", kText, "", 908},
    {"persourcepenaltyexemptlist", kText, "none", 908},
    {"pidfile", kText, "", 0},
    {"port", kAdds, "", 0},
    {"printlastlog", kWord, "yes", 0},
    {"printmotd", kWord, "yes", 0},
    {"pubkeyacceptedalgorithms", kList, "", 0},
    {"pubkeyauthentication", kWord, "yes", 0},
    {"pubkeyauthoptions", kText, "none", 802},
    {"rdomain", kText, "", 0},
    {"refuseconnection", kWord, "", 909},
    {"rekeylimit", kText, "0 0", 0},
    {"requiredrsasize", kText, "1024", 901},
    {"revokedkeys", kText, "none", 0},
    {"securitykeyprovider", kText, "", 802},
    {"setenv", kNames, "", 708},
    {"sshdauthpath", kText, "", 909},
    {"sshdsessionpath", kText, "", 908},
    {"streamlocalbindmask", kText, "0177", 0},
    {"streamlocalbindunlink", kWord, "no", 0},
    {"strictmodes", kWord, "yes", 0},
    {"subsystem", kCommand, "", 0},
    {"syslogfacility", kText, "AUTH", 0},
    {"tcpkeepalive", kWord, "yes", 0},
    {"trustedusercakeys", kText, "none", 0},
    {"unusedconnectiontimeout", kSeconds, "none", 902},
    {"usedns", kWord, "no", 0},
    {"usepam", kWord, "no", 0},
    {"versionaddendum", kText, "none", 0},
    {"x11displayoffset", kText, "10", 0},
    {"x11forwarding", kWord, "no", 0},
    {"x11uselocalhost", kWord, "yes", 0},
    {"xauthlocation", kText, "", 0},
});
static_assert(std::ranges::is_sorted(kKeywords, {}, &SshdKeyword::name));

struct Renamed {
  std::string_view old_name;
  std::string_view new_name;
};
constexpr auto kRenamed = std::to_array<Renamed>({
    {"authorizedkeysfile2", "authorizedkeysfile"},
    {"dsaauthentication", "pubkeyauthentication"},
    {"hostbasedacceptedkeytypes", "hostbasedacceptedalgorithms"},
    {"hostdsakey", "hostkey"},
    {"keepalive", "tcpkeepalive"},
    {"pubkeyacceptedkeytypes", "pubkeyacceptedalgorithms"},
    {"skeyauthentication", "kbdinteractiveauthentication"},
});

constexpr auto kObsolete = std::to_array<std::string_view>(
    {"afstokenpassing", "authorizedkeysfile2", "checkmail", "dsaauthentication",
     "kerberostgtpassing", "keyregenerationinterval", "lastlogin", "pamauthenticationviakbdint",
     "protocol", "reversemappingcheck", "rhostsauthentication", "rhostsrsaauthentication",
     "rsaauthentication", "serverkeybits", "uselogin", "useprivilegeseparation",
     "verifyreversemapping"});

}  // namespace

std::span<const SshdKeyword> sshd_keywords() {
  return kKeywords;
}

const SshdKeyword* find_sshd_keyword(std::string_view name) {
  const auto found = std::ranges::lower_bound(kKeywords, name, {}, &SshdKeyword::name);
  return found == kKeywords.end() || found->name != name ? nullptr : &*found;
}

std::string_view present_name(std::string_view keyword, int version) {
  // One setting under two names since 8.7; before, two settings.
  constexpr int kMerged = 807;
  if (keyword == "challengeresponseauthentication" && (version == 0 || version >= kMerged))
    return "kbdinteractiveauthentication";
  const auto renamed = std::ranges::find(kRenamed, keyword, &Renamed::old_name);
  return renamed == kRenamed.end() ? keyword : renamed->new_name;
}

bool is_obsolete(std::string_view keyword) {
  return std::ranges::find(kObsolete, keyword) != kObsolete.end();
}

std::string_view builtin_list(const SshdProgram& program, std::string_view keyword) {
  if (keyword == "ciphers") return program.ciphers;
  if (keyword == "macs") return program.macs;
  if (keyword == "kexalgorithms") return program.kex_algorithms;
  if (keyword == "hostkeyalgorithms" || keyword == "pubkeyacceptedalgorithms" ||
      keyword == "hostbasedacceptedalgorithms")
    return program.public_key_algorithms;
  return {};
}

}  // namespace assay::agent
