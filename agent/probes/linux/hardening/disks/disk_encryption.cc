#include "agent/probes/linux/hardening/disks/disk_encryption.h"

#include <algorithm>
#include <array>
#include <set>

#include "agent/probes/linux/hardening/disks/block_layers.h"
#include "agent/probes/linux/text/cells.h"
#include "agent/probes/linux/text/lines.h"

namespace assay::agent {
namespace {

// Programs and data that are read-only by nature and the same everywhere, and the layers of
// containers, which lie on a file system that has a row.
constexpr auto kNotStorage = std::to_array<std::string_view>(
    {"squashfs", "erofs", "iso9660", "udf", "overlay", "aufs", "fuse.snapfuse"});

bool is_storage(const Mount& mount) {
  if (is_kernel_made(mount.kind) || is_in_memory(mount.kind) || is_network(mount.kind))
    return false;
  if (mount.point == "/") return true;  // also in a container, where it is an overlay
  if (std::ranges::find(kNotStorage, mount.kind) != kNotStorage.end()) return false;
  if (mount.kind.starts_with("fuse") && mount.kind != "fuseblk")
    return mount.kind == "fuse.gocryptfs" || mount.kind == "fuse.encfs" ||
           mount.kind == "fuse.cryfs" || mount.kind == "fuse.securefs";
  return true;
}

std::string_view status_of(const BlockLayers& layers) {
  if (!layers.is_encrypted) return "undefined";
  return *layers.is_encrypted ? "encrypted" : "not encrypted";
}

class Rows {
 public:
  Rows(Host& host, const std::vector<Mount>& mounts) : host_(host), devices_(host, mounts) {}

  Status add_mount(const Mount& mount) {
    // A folder of the file system that is mounted once more says nothing new.
    const bool is_new = seen_.emplace(mount.device_major, mount.device_minor).second;
    if (!is_new && mount.device_major != 0 && mount.root != "/") return {};
    auto layers = devices_.below_mount(mount);
    if (!layers) return fail(layers.error());
    if (layers->note.empty() && has_fscrypt(mount))
      layers->note = "fscrypt is set up here; which folders it encrypts is not recorded";
    add(mount.source, mount.point, "file system", *layers);
    return {};
  }

  // /proc/swaps: a header, then "name type size used priority".
  Status add_swaps() {
    const auto text = host_.read_file("/proc/swaps", kMaxConfigBytes);
    if (!text) {
      if (text.error().code() == Code::kNotFound) return {};  // a kernel without swap
      return fail(text.error());
    }
    Lines lines(*text);
    (void)lines.next();
    while (const auto line = lines.next()) {
      const auto blank = line->find_first_of(" \t");
      const std::string name(line->substr(0, blank));
      if (name.empty() || blank == std::string_view::npos) continue;
      const bool is_file = trimmed(line->substr(blank)).starts_with("file");
      if (auto done = is_file ? add_swap_file(name) : add_swap_device(name); !done) return done;
    }
    return {};
  }

  evidence::Table table() && { return std::move(table_); }

 private:
  Status add_swap_file(const std::string& name) {
    const auto layers = devices_.below_file(name);
    if (!layers) return fail(layers.error());
    add(name, {}, "swap", *layers);
    return {};
  }

  // Compressed swap in memory reaches a disk only when it was given one.
  Status add_swap_device(const std::string& name) {
    auto kernel_name = devices_.kernel_name(name);
    if (kernel_name.starts_with("zram")) {
      const auto disk =
          host_.read_file("/sys/class/block/" + kernel_name + "/backing_dev", kMaxConfigBytes);
      if (!disk || trimmed(*disk) == "none") return {};
      kernel_name = devices_.kernel_name(trimmed(*disk));
    }
    BlockLayers unknown;
    unknown.note = "the swap area's device is not known to the kernel by this name";
    const auto layers =
        kernel_name.empty() ? Result<BlockLayers>(unknown) : devices_.below(kernel_name);
    if (!layers) return fail(layers.error());
    add(name, {}, "swap", *layers);
    return {};
  }

  bool has_fscrypt(const Mount& mount) {
    if (mount.kind != "ext4" && mount.kind != "f2fs" && mount.kind != "ubifs") return false;
    return host_.status((mount.point == "/" ? "" : mount.point) + "/.fscrypt").has_value();
  }

  void add(const std::string& name, std::string_view path, std::string_view use,
           const BlockLayers& layers) {
    table_.add({{"name", name},
                {"uuid", text_or_null(layers.uuid)},
                {"encrypted", layers.is_encrypted
                                  ? evidence::Value{std::int64_t{*layers.is_encrypted ? 1 : 0}}
                                  : evidence::Value{}},
                {"type", text_or_null(layers.type)},
                {"encryption_status", std::string(status_of(layers))},
                {"path", text_or_null(path)},
                {"use", std::string(use)},
                {"layers", text_or_null(layers.layers)},
                {"note", text_or_null(layers.note)}});
  }

  Host& host_;
  BlockDevices devices_;
  std::set<std::pair<std::uint32_t, std::uint32_t>> seen_;
  evidence::Table table_{*evidence::find_table("disk_encryption")};
};

}  // namespace

Result<evidence::Table> collect_disk_encryption(Host& host) {
  const auto mounts = read_mounts(host);
  if (!mounts) return fail(mounts.error());
  Rows rows(host, *mounts);
  for (const auto& mount : *mounts)
    if (is_storage(mount))
      if (auto done = rows.add_mount(mount); !done) return fail(done.error());
  if (auto done = rows.add_swaps(); !done) return fail(done.error());
  return std::move(rows).table();
}

}  // namespace assay::agent
