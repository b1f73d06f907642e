#include "cli/client/login.h"

#include <sys/stat.h>

#include <cerrno>
#include <cstdlib>
#include <filesystem>
#include <nlohmann/json.hpp>

#include "cli/client/read_file.h"
#include "cli/terminal/answer.h"
#include "evidence/refusal.h"

namespace assay::cli {

namespace {

namespace fs = std::filesystem;

std::string environment(const char* name) {
  const char* value = std::getenv(name);
  return value == nullptr ? std::string() : value;
}

Result<Login> read_login(const std::string& path) {
  struct stat facts{};
  if (::stat(path.c_str(), &facts) != 0) {
    if (errno == ENOENT) return Login{};
    return fail(Code::kConfiguration, system_error(errno, path).text());
  }
  if ((facts.st_mode & 077U) != 0)
    return refuse(Code::kConfiguration,
                  {"{}: others may read this file with its token; chmod 600 it",
                   "{}：其他人可讀取這個含有權杖的檔案；請以 chmod 600 限制"},
                  path);
  const auto text = read_file(path, 1U << 20U);
  if (!text) return fail(Code::kConfiguration, text.error().text());
  const auto json = nlohmann::json::parse(*text, nullptr, false);
  if (!json.is_object())
    return refuse(Code::kConfiguration, {"{}: is damaged; log in again", "{}：已毀損，請重新登入"},
                  path);
  const auto field = [&json](const char* name) {
    const auto found = json.find(name);
    return found != json.end() && found->is_string() ? found->get<std::string>() : std::string();
  };
  return Login{field("url"), field("token"), field("ca")};
}

}  // namespace

Result<std::string> login_path() {
  if (const auto folder = environment("XDG_CONFIG_HOME"); !folder.empty())
    return folder + "/assay/login.json";
  if (const auto home = environment("HOME"); !home.empty())
    return home + "/.config/assay/login.json";
  return refuse(Code::kConfiguration,
                {"neither XDG_CONFIG_HOME nor HOME is set", "XDG_CONFIG_HOME 與 HOME 均未設定"});
}

Status save(const Login& login) {
  const auto path = login_path();
  if (!path) return fail(path.error());
  std::error_code error;
  const auto folder = fs::path(*path).parent_path();
  if (fs::create_directories(folder, error)) fs::permissions(folder, fs::perms::owner_all, error);
  if (error) return fail(system_error(error.value(), folder.string()));
  const nlohmann::ordered_json json = {
      {"url", login.url}, {"token", login.token}, {"ca", login.ca_pem}};
  return write_file(*path, json.dump(2) + '\n', 0600);
}

Result<Login> load_login() {
  const auto path = login_path();
  if (!path) return fail(path.error());
  auto login = read_login(*path);
  if (!login) return login;
  if (const auto url = environment("ASSAY_URL"); !url.empty()) {
    auto normal = normal_url(url);
    if (!normal) return fail(Code::kConfiguration, normal.error().within("ASSAY_URL").text());
    login->url = std::move(*normal);
  }
  if (const auto token = environment("ASSAY_TOKEN"); !token.empty())
    login->token = split_token(token).secret;
  if (const auto file = environment("ASSAY_CA"); !file.empty()) {
    auto pem = read_file(file, 1U << 20U);
    if (!pem) return fail(Code::kConfiguration, pem.error().within("ASSAY_CA").text());
    login->ca_pem = std::move(*pem);
  }
  if (login->url.empty() || login->token.empty() || login->ca_pem.empty())
    return refuse(Code::kConfiguration, {"not logged in: assay login URL --token-file FILE",
                                         "尚未登入；請執行「assay login 網址 --token-file 檔案」"});
  return login;
}

Result<std::string> normal_url(std::string_view text) {
  std::string_view host = text;
  if (const auto scheme = host.find("://"); scheme != std::string_view::npos) {
    if (host.substr(0, scheme) != "https")
      return refuse(Code::kUsage, {"{}: only https is spoken", "{}：只能使用 https"}, text);
    host.remove_prefix(scheme + 3);
  }
  while (host.ends_with('/')) host.remove_suffix(1);
  if (host.empty() || host.find_first_of(" /?#@") != std::string_view::npos)
    return refuse(Code::kUsage, {"{}: not the address of a collector", "{}：不是收集伺服器的位址"},
                  text);
  return "https://" + std::string(host);
}

TokenParts split_token(std::string_view text) {
  while (!text.empty() && (text.back() == '\n' || text.back() == '\r' || text.back() == ' '))
    text.remove_suffix(1);
  const auto dot = text.find('.');
  if (dot == std::string_view::npos) return {std::string(text), {}};
  return {std::string(text.substr(0, dot)), std::string(text.substr(dot + 1))};
}

}  // namespace assay::cli
