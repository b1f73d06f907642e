#include "agent/probes/linux/libraries/npm/npm_manifest.h"

#include <nlohmann/json.hpp>

#include "agent/probes/linux/libraries/package_text.h"

namespace assay::agent {
namespace {

constexpr std::string_view kFile = "/package.json";
constexpr std::string_view kModules = "/node_modules";
constexpr std::string_view kDebianModules = "/usr/share/nodejs";

// Hears the text piece by piece, so that nothing grows with it.
class Listener final : public nlohmann::json_sax<nlohmann::json> {
 public:
  NpmManifest manifest;
  bool is_object = false;

  bool null() override { return true; }
  bool boolean(bool) override { return true; }
  bool number_integer(number_integer_t) override { return true; }
  bool number_unsigned(number_unsigned_t) override { return true; }
  bool number_float(number_float_t, const string_t&) override { return true; }
  bool binary(binary_t&) override { return true; }
  bool start_object(std::size_t) override {
    if (depth_ == 0) is_object = true;
    return enter();
  }
  bool start_array(std::size_t) override { return enter(); }
  bool end_object() override { return leave(); }
  bool end_array() override { return leave(); }
  bool key(string_t& name) override {
    if (depth_ == 1) member_ = std::move(name);
    if (depth_ > 1) inner_ = std::move(name);
    return true;
  }
  bool string(string_t& text) override {
    if (depth_ == 1) keep_member(text);
    if (depth_ > 1) keep_inner(text);
    return true;
  }
  bool parse_error(std::size_t, const std::string&, const nlohmann::detail::exception&) override {
    return false;
  }

 private:
  bool enter() {
    ++depth_;
    inner_.clear();
    return true;
  }
  bool leave() {
    --depth_;
    inner_.clear();
    return true;
  }

  void keep_member(const std::string& text) {
    if (member_ == "name") manifest.name = shortened(text);
    if (member_ == "version") manifest.version = shortened(text);
    if (member_ == "description") manifest.description = shortened(text);
    if (member_ == "author") manifest.author = names_of_people(text);
    if (member_ == "license") manifest.license = shortened(text);
    if (member_ == "homepage") manifest.homepage = without_user(text);
  }

  // {"author": {"name": …}}, {"license": {"type": …}}, {"licenses": [{"type": …}, …]}
  void keep_inner(const std::string& text) {
    if (member_ == "author" && depth_ == 2 && inner_ == "name")
      manifest.author = names_of_people(text);
    const bool is_license = member_ == "license" || member_ == "licenses";
    if (!is_license || depth_ > 3 || (!inner_.empty() && inner_ != "type")) return;
    if (manifest.license.size() >= kMaxWordsBytes) return;
    if (!manifest.license.empty()) manifest.license += " OR ";
    manifest.license = shortened(manifest.license + text);
  }

  int depth_ = 0;
  std::string member_;  // of the outermost object
  std::string inner_;   // the key before this value, further inside
};

}  // namespace

Result<NpmManifest> parse_npm_manifest(std::string_view text) {
  Listener listener;
  const bool is_json = nlohmann::json::sax_parse(text, &listener);
  if (!is_json || !listener.is_object) return fail(Code::kInvalidData, "it is not a JSON object");
  return std::move(listener.manifest);
}

bool is_npm_manifest(std::string_view path) {
  if (!path.ends_with(kFile)) return false;
  path.remove_suffix(kFile.size());
  auto slash = path.rfind('/');
  if (slash == std::string_view::npos) return false;
  auto folder = path.substr(0, slash);
  slash = folder.rfind('/');
  if (slash != std::string_view::npos && folder.substr(slash + 1).starts_with('@'))
    folder = folder.substr(0, slash);
  return folder.ends_with(kModules) || folder == kDebianModules;
}

}  // namespace assay::agent
