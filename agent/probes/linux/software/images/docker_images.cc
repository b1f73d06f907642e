#include "agent/probes/linux/software/images/docker_images.h"

#include <nlohmann/json.hpp>

#include "agent/probes/linux/software/bundles/json_values.h"
#include "agent/probes/linux/text/cells.h"
#include "agent/probes/linux/text/lines.h"
#include "evidence/digest.h"

namespace assay::agent {
namespace {

using Json = nlohmann::json;

constexpr std::size_t kMaxRepositoriesBytes = 16U << 20U;
constexpr std::size_t kMaxDrivers = 64;
constexpr std::size_t kMaxSizeBytes = 64;
constexpr std::string_view kSha256 = "sha256:";

std::string without_algorithm(std::string_view digest) {
  if (digest.starts_with(kSha256)) digest.remove_prefix(kSha256.size());
  return std::string(digest);
}

bool is_hexadecimal(std::string_view text) {
  return !text.empty() && text.find_first_not_of("0123456789abcdef") == std::string_view::npos;
}

void add_names(const Json& references, std::vector<DockerName>& names) {
  std::map<std::string, std::string> digests;  // of the registry, by image
  std::vector<DockerName> found;
  for (const auto& [text, id] : references.items()) {
    if (!id.is_string()) continue;
    auto reference = parse_image_reference(text);
    if (!reference.digest.empty()) digests[id.get<std::string>()] = reference.digest;
    found.push_back({id.get<std::string>(), std::move(reference)});
  }
  std::set<std::string> tagged;
  for (const auto& name : found)
    if (!name.reference.tag.empty()) tagged.insert(name.id);
  for (auto& name : found) {
    if (name.reference.tag.empty() && tagged.contains(name.id)) continue;
    if (const auto digest = digests.find(name.id); digest != digests.end())
      name.reference.digest = digest->second;
    names.push_back(std::move(name));
  }
}

// One storage driver's folder of images.
class Driver {
 public:
  Driver(Host& host, const ImageStore& store, std::string folder, evidence::Table& table)
      : host_(host), store_(store), folder_(std::move(folder)), table_(table) {}

  Status collect() {
    const auto ids = host_.list_directory(folder_ + "/imagedb/content/sha256", kMaxImages);
    if (!ids && ids.error().code() == Code::kNotFound) return {};
    if (!ids) return fail(ids.error());
    if (auto read = read_names(); !read) return read;
    for (const auto& id : *ids)
      if (auto added = add(id); !added) return added;
    return {};
  }

 private:
  Status read_names() {
    const auto path = folder_ + "/repositories.json";
    const auto text = host_.read_file(path, kMaxRepositoriesBytes);
    if (!text && text.error().code() == Code::kNotFound) return {};  // no image was ever named
    if (!text) return fail(text.error());
    auto names = parse_docker_repositories(*text);
    if (!names) return fail(names.error().within("reading " + path));
    for (auto& name : *names) names_.emplace(name.id, std::move(name.reference));
    return {};
  }

  Status add(const std::string& id) {
    const auto path = folder_ + "/imagedb/content/sha256/" + id;
    const auto text = host_.read_file(path, kMaxConfigBytes);
    if (!text && text.error().code() == Code::kNotFound) return {};  // removed meanwhile
    if (!text) return fail(text.error());
    const auto config = parse_image_config(*text);
    if (!config) return fail(config.error().within("reading " + path));
    ImageRow image{.id = std::string(kSha256) + id,
                   .created = image_time(config->created),
                   .architecture = config->architecture,
                   .os = config->os};
    const auto size = size_of(config->layers);
    if (!size) return fail(size.error());
    image.size_bytes = *size;
    if (!*size) image.note = "the size of a layer is not recorded";
    const auto [first, last] = names_.equal_range(image.id);
    if (first == last) add_image(store_, image, table_);
    for (auto name = first; name != last; ++name) {
      image.reference = name->second;
      add_image(store_, image, table_);
    }
    return {};
  }

  // A layer is known by its digest together with all below it.
  Result<std::optional<std::int64_t>> size_of(const std::vector<std::string>& layers) {
    std::int64_t sum = 0;
    std::string chain;
    for (const auto& layer : layers) {
      chain = chain.empty() ? layer
                            : std::string(kSha256) + evidence::sha256(chain + " " + layer).hex();
      const auto size = layer_size(without_algorithm(chain));
      if (!size || !*size) return size;
      sum += **size;
    }
    return sum;
  }

  Result<std::optional<std::int64_t>> layer_size(const std::string& chain) {
    if (!is_hexadecimal(chain)) return std::nullopt;
    if (const auto known = sizes_.find(chain); known != sizes_.end()) return known->second;
    const auto text =
        host_.read_file(folder_ + "/layerdb/sha256/" + chain + "/size", kMaxSizeBytes);
    if (!text && text.error().code() != Code::kNotFound) return fail(text.error());
    const auto size = text ? decimal(trimmed(*text)) : std::nullopt;
    constexpr std::int64_t kMaxLayerBytes = std::int64_t{1} << 50U;
    const bool is_sane = size && *size >= 0 && *size <= kMaxLayerBytes;
    return sizes_[chain] = is_sane ? size : std::nullopt;
  }

  Host& host_;
  const ImageStore& store_;
  std::string folder_;
  evidence::Table& table_;
  std::multimap<std::string, ImageReference> names_;  // by id
  std::map<std::string, std::optional<std::int64_t>> sizes_;
};

}  // namespace

Result<ImageConfig> parse_image_config(std::string_view text) {
  const auto json = Json::parse(text, nullptr, false);
  if (!json.is_object()) return fail(Code::kInvalidData, "no configuration of an image");
  ImageConfig config{.created = text_in(json, "created"),
                     .architecture = text_in(json, "architecture"),
                     .os = text_in(json, "os")};
  const auto root = json.find("rootfs");
  if (root == json.end() || !root->is_object()) return config;
  const auto layers = root->find("diff_ids");
  if (layers == root->end() || !layers->is_array()) return config;
  if (layers->size() > kMaxLayersOfImage)
    return fail(Code::kTooLarge, "an image of more layers than any has");
  for (const auto& layer : *layers)
    if (layer.is_string()) config.layers.push_back(layer.get<std::string>());
  return config;
}

Result<std::vector<DockerName>> parse_docker_repositories(std::string_view text) {
  const auto json = Json::parse(text, nullptr, false);
  const auto repositories = json.is_object() ? json.find("Repositories") : Json::const_iterator();
  if (!json.is_object() || repositories == json.end() || !repositories->is_object())
    return fail(Code::kInvalidData, "no list of Docker's image names");
  std::vector<DockerName> names;
  for (const auto& [repository, references] : repositories->items())
    if (references.is_object()) add_names(references, names);
  return names;
}

Status add_docker_images(Host& host, const ImageStore& store, evidence::Table& table) {
  const auto folder = store.folder + "/image";
  const auto drivers = host.list_directory(folder, kMaxDrivers);
  if (!drivers && drivers.error().code() == Code::kNotFound) return {};
  if (!drivers) return fail(drivers.error());
  for (const auto& driver : *drivers)
    if (auto collected = Driver(host, store, folder + "/" + driver, table).collect(); !collected)
      return collected;
  return {};
}

}  // namespace assay::agent
