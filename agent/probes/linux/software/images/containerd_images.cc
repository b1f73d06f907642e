#include "agent/probes/linux/software/images/containerd_images.h"

#include "agent/probes/linux/software/images/bolt_file.h"

namespace assay::agent {
namespace {

constexpr std::string_view kDatabase = "/io.containerd.metadata.v1.bolt/meta.db";
constexpr std::string_view kSha256 = "sha256:";
constexpr int kTries = 2;

using Item = BoltFile::Item;

// The bucket under `key`; nothing when there is none.
Result<std::optional<BoltFile::Bucket>> bucket_in(BoltFile& file, const BoltFile::Bucket& parent,
                                                  std::string_view key) {
  std::optional<BoltFile::Bucket> found;
  const auto visited = file.visit(parent, [&](const Item& item) -> Status {
    if (!item.is_bucket || item.key != key) return {};
    auto bucket = BoltFile::bucket_of(item);
    if (!bucket) return fail(std::move(bucket.error()));
    found = *std::move(bucket);
    return {};
  });
  if (!visited) return fail(visited.error());
  return found;
}

// The buckets in `parent`, by key.
Result<std::map<std::string, BoltFile::Bucket>> buckets_in(BoltFile& file,
                                                           const BoltFile::Bucket& parent) {
  std::map<std::string, BoltFile::Bucket> buckets;
  const auto visited = file.visit(parent, [&](const Item& item) -> Status {
    if (!item.is_bucket) return {};
    if (buckets.size() == kMaxImages)
      return fail(Code::kTooLarge, "more images than any store has");
    auto bucket = BoltFile::bucket_of(item);
    if (!bucket) return fail(std::move(bucket.error()));
    buckets.emplace(item.key, *std::move(bucket));
    return {};
  });
  if (!visited) return fail(visited.error());
  return buckets;
}

Result<std::string> digest_of(BoltFile& file, const BoltFile::Bucket& image) {
  const auto target = bucket_in(file, image, "target");
  if (!target) return fail(target.error());
  std::string digest;
  if (!*target) return digest;
  const auto visited = file.visit(**target, [&](const Item& item) -> Status {
    if (item.key == "digest") digest = item.value;
    return {};
  });
  if (!visited) return fail(visited.error());
  return digest;
}

Status read_name_space(BoltFile& file, const std::string& name, const BoltFile::Bucket& bucket,
                       std::vector<ContainerdImage>& out) {
  const auto images = bucket_in(file, bucket, "images");
  if (!images) return fail(images.error());
  if (!*images) return {};
  const auto buckets = buckets_in(file, **images);
  if (!buckets) return fail(buckets.error());
  for (const auto& [image, content] : *buckets) {
    auto digest = digest_of(file, content);
    if (!digest) return fail(std::move(digest.error()));
    out.push_back({.name_space = name, .name = image, .digest = *std::move(digest)});
  }
  return {};
}

// Kubernetes gives each image three names: by tag, by digest and by id. The id is no name, and the
// digest is none where there is a tag.
void add_rows(const ImageStore& store, const std::vector<ContainerdImage>& images,
              evidence::Table& table) {
  std::map<std::pair<std::string, std::string>, std::string> ids;
  std::set<std::pair<std::string, std::string>> tagged;
  for (const auto& image : images) {
    const std::pair key(image.name_space, image.digest);
    if (image.name.starts_with(kSha256)) ids[key] = image.name;
    if (!parse_image_reference(image.name).tag.empty() && !image.name.starts_with(kSha256))
      tagged.insert(key);
  }
  for (const auto& image : images) {
    const std::pair key(image.name_space, image.digest);
    ImageRow row{.name_space = image.name_space,
                 .note = "containerd's metadata says neither size nor architecture"};
    if (!image.name.starts_with(kSha256)) row.reference = parse_image_reference(image.name);
    if (row.reference.tag.empty() && tagged.contains(key)) continue;
    row.reference.digest = image.digest;
    if (const auto id = ids.find(key); id != ids.end()) row.id = id->second;
    add_image(store, row, table);
  }
}

}  // namespace

Result<std::vector<ContainerdImage>> read_containerd_images(ByteSource& file) {
  auto bolt = BoltFile::open(file);
  if (!bolt) return fail(std::move(bolt.error()));
  const auto version = bucket_in(*bolt, bolt->top(), "v1");
  if (!version) return fail(version.error());
  std::vector<ContainerdImage> images;
  if (!*version) return images;  // containerd never stored anything
  const auto name_spaces = buckets_in(*bolt, **version);
  if (!name_spaces) return fail(name_spaces.error());
  for (const auto& [name, bucket] : *name_spaces)
    if (auto read = read_name_space(*bolt, name, bucket, images); !read)
      return fail(std::move(read.error()));
  return images;
}

Status add_containerd_images(Host& host, const ImageStore& store, evidence::Table& table) {
  const auto path = store.folder + std::string(kDatabase);
  for (int i = 0; i < kTries; ++i) {
    const auto before = host.status(path);
    if (!before && before.error().code() == Code::kNotFound) return {};
    if (!before) return fail(before.error());
    HostBytes file(host, path, before->size_bytes);
    const auto images = read_containerd_images(file);
    const auto after = host.status(path);
    if (!after || *after != *before) continue;
    if (!images) return fail(images.error().within("reading " + path));
    add_rows(store, *images, table);
    return {};
  }
  return fail(Code::kUnavailable, "containerd changed " + path + " while it was read");
}

}  // namespace assay::agent
