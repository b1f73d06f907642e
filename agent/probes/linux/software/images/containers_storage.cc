#include "agent/probes/linux/software/images/containers_storage.h"

#include <nlohmann/json.hpp>

#include "agent/probes/linux/software/bundles/json_values.h"
#include "agent/probes/linux/software/images/docker_images.h"
#include "evidence/base64.h"

namespace assay::agent {
namespace {

using Json = nlohmann::json;
using Layers = std::map<std::string, StoredLayer>;

constexpr std::size_t kMaxListBytes = 32U << 20U;
constexpr std::size_t kMaxEntries = 1000;
constexpr std::string_view kImagesSuffix = "-images";

// Unpacked, of the layer and all below it. Nothing when one is not known.
std::optional<std::int64_t> size_of(const Layers& layers, std::string id) {
  std::int64_t sum = 0;
  for (std::size_t depth = 0; !id.empty(); ++depth) {
    const auto layer = layers.find(id);
    if (layer == layers.end() || !layer->second.size_bytes || depth == kMaxLayersOfImage)
      return std::nullopt;
    sum += *layer->second.size_bytes;
    id = layer->second.parent;
  }
  return sum;
}

class Store {
 public:
  Store(Host& host, const ImageStore& store, std::string driver, evidence::Table& table)
      : host_(host), store_(store), driver_(std::move(driver)), table_(table) {}

  Status collect() {
    const auto path = folder("images") + "/images.json";
    const auto text = host_.read_file(path, kMaxListBytes);
    if (!text && text.error().code() == Code::kNotFound) return {};
    if (!text) return fail(text.error());
    const auto images = parse_stored_images(*text);
    if (!images) return fail(images.error().within("reading " + path));
    if (auto read = read_layers(); !read) return read;
    for (const auto& image : *images)
      if (auto added = add(image); !added) return added;
    return {};
  }

 private:
  [[nodiscard]] std::string folder(std::string_view what) const {
    return (store_.folder + "/" + driver_).append("-").append(what);
  }

  Status read_layers() {
    const auto path = folder("layers") + "/layers.json";
    const auto text = host_.read_file(path, kMaxListBytes);
    if (!text && text.error().code() == Code::kNotFound) return {};  // then no size is known
    if (!text) return fail(text.error());
    auto layers = parse_stored_layers(*text);
    if (!layers) return fail(layers.error().within("reading " + path));
    layers_ = *std::move(layers);
    return {};
  }

  // The image's own description lies under the name of its digest, in base64 for the colon in it.
  Result<ImageConfig> read_config(const std::string& id) {
    if (id.find('/') != std::string::npos) return ImageConfig{};
    const auto path = folder("images") + "/" + id + "/=" + evidence::to_base64("sha256:" + id);
    const auto text = host_.read_file(path, kMaxConfigBytes);
    if (!text && text.error().code() == Code::kNotFound) return ImageConfig{};
    if (!text) return fail(text.error());
    auto config = parse_image_config(*text);
    if (!config) return fail(config.error().within("reading " + path));
    return config;
  }

  Status add(const StoredImage& stored) {
    const auto config = read_config(stored.id);
    if (!config) return fail(config.error());
    ImageRow image{.id = "sha256:" + stored.id,
                   .created = image_time(stored.created),
                   .size_bytes = size_of(layers_, stored.layer),
                   .architecture = config->architecture,
                   .os = config->os};
    if (!image.size_bytes) image.note = "the size of a layer is not recorded";
    image.reference.digest = stored.digest;
    if (stored.names.empty()) add_image(store_, image, table_);
    for (const auto& name : stored.names) {
      image.reference = parse_image_reference(name);
      image.reference.digest = stored.digest;
      add_image(store_, image, table_);
    }
    return {};
  }

  Host& host_;
  const ImageStore& store_;
  std::string driver_;
  evidence::Table& table_;
  Layers layers_;
};

}  // namespace

Result<std::vector<StoredImage>> parse_stored_images(std::string_view text) {
  const auto json = Json::parse(text, nullptr, false);
  if (!json.is_array()) return fail(Code::kInvalidData, "no list of stored images");
  if (json.size() > kMaxImages) return fail(Code::kTooLarge, "more images than any store has");
  std::vector<StoredImage> images;
  for (const auto& one : json) {
    if (!one.is_object() || text_in(one, "id").empty())
      return fail(Code::kInvalidData, "a stored image without an id");
    StoredImage image{.id = text_in(one, "id"),
                      .digest = text_in(one, "digest"),
                      .created = text_in(one, "created"),
                      .layer = text_in(one, "layer")};
    if (const auto names = one.find("names"); names != one.end() && names->is_array())
      for (const auto& name : *names)
        if (name.is_string()) image.names.push_back(name.get<std::string>());
    images.push_back(std::move(image));
  }
  return images;
}

Result<std::map<std::string, StoredLayer>> parse_stored_layers(std::string_view text) {
  const auto json = Json::parse(text, nullptr, false);
  if (!json.is_array()) return fail(Code::kInvalidData, "no list of stored layers");
  std::map<std::string, StoredLayer> layers;
  for (const auto& one : json) {
    if (!one.is_object()) return fail(Code::kInvalidData, "a stored layer that is no object");
    auto size = number_in(one, "diff-size");
    constexpr std::int64_t kMaxLayerBytes = std::int64_t{1} << 50U;
    if (size && (*size < 0 || *size > kMaxLayerBytes)) size.reset();
    layers[text_in(one, "id")] = {.parent = text_in(one, "parent"), .size_bytes = size};
  }
  return layers;
}

Status add_stored_images(Host& host, const ImageStore& store, evidence::Table& table) {
  const auto names = host.list_directory(store.folder, kMaxEntries);
  if (!names && names.error().code() == Code::kNotFound) return {};
  if (!names) return fail(names.error());
  for (const std::string_view name : *names) {
    if (!name.ends_with(kImagesSuffix)) continue;
    const auto driver = name.substr(0, name.size() - kImagesSuffix.size());
    if (auto collected = Store(host, store, std::string(driver), table).collect(); !collected)
      return collected;
  }
  return {};
}

}  // namespace assay::agent
