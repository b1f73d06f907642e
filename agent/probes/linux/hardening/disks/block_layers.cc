#include "agent/probes/linux/hardening/disks/block_layers.h"

#include <array>

#include "agent/probes/linux/text/lines.h"

namespace assay::agent {
namespace {

constexpr std::string_view kBlock = "/sys/class/block/";
constexpr std::size_t kMaxAttributeBytes = 4096;
constexpr std::size_t kMaxParts = 1024;

struct CipherName {
  std::string_view mark;
  std::string_view type;
};
constexpr auto kCiphers = std::to_array<CipherName>({{"LUKS1-", "LUKS1"},
                                                     {"LUKS2-", "LUKS2"},
                                                     {"PLAIN-", "plain"},
                                                     {"BITLK-", "BitLocker"},
                                                     {"TCRYPT-", "TrueCrypt"},
                                                     {"LOOPAES-", "loop-AES"},
                                                     {"FVAULT2-", "FileVault2"}});
constexpr auto kEncryptedFileSystems = std::to_array<std::string_view>(
    {"ecryptfs", "fuse.cryfs", "fuse.encfs", "fuse.gocryptfs", "fuse.securefs"});

std::string layer_of(std::string_view name, std::string_view dm_uuid) {
  if (dm_uuid.starts_with("LVM-")) return "lvm";
  if (dm_uuid.find("mpath-") != std::string_view::npos) return "multipath";
  if (dm_uuid.starts_with("CRYPT-VERITY")) return "verity";
  if (dm_uuid.starts_with("CRYPT-INTEGRITY")) return "integrity";
  if (name.starts_with("dm-")) return "mapper";
  if (name.starts_with("md")) return "raid";
  if (name.starts_with("bcache")) return "bcache";
  return "device";
}

BlockLayers unknown(std::string note) {
  BlockLayers layers;
  layers.note = std::move(note);
  return layers;
}

}  // namespace

std::optional<MapperCipher> mapper_cipher(std::string_view dm_uuid) {
  constexpr std::string_view kCrypt = "CRYPT-";
  if (!dm_uuid.starts_with(kCrypt)) return std::nullopt;
  dm_uuid.remove_prefix(kCrypt.size());
  for (const auto& cipher : kCiphers) {
    if (!dm_uuid.starts_with(cipher.mark)) continue;
    dm_uuid.remove_prefix(cipher.mark.size());
    const auto uuid = dm_uuid.substr(0, dm_uuid.find('-'));
    const bool is_uuid = cipher.type.starts_with("LUKS") && uuid.size() == 32 &&
                         uuid.find_first_not_of("0123456789abcdef") == std::string_view::npos;
    return MapperCipher{std::string(cipher.type), is_uuid ? std::string(uuid) : std::string()};
  }
  return std::nullopt;
}

// Empty when the device has no such file.
Result<std::string> BlockDevices::attribute(const std::string& name, std::string_view file) {
  auto text = host_.read_file(std::string(kBlock).append(name).append("/").append(file),
                              kMaxAttributeBytes);
  if (text) return std::string(trimmed(*text));
  if (text.error().code() == Code::kNotFound) return std::string();
  return text;
}

std::string BlockDevices::kernel_name(std::string_view device) {
  constexpr int kMaxLinks = 8;
  if (!device.starts_with("/dev/")) return {};
  std::string path(device);
  for (int i = 0; i < kMaxLinks; ++i) {
    const auto target = host_.read_link(path);
    if (!target) break;
    path = target->starts_with('/') ? *target : "/dev/" + *target;
  }
  auto name = path.substr(path.rfind('/') + 1);
  return host_.status(std::string(kBlock).append(name)) ? name : std::string();
}

std::string BlockDevices::kernel_name(std::uint32_t major_number, std::uint32_t minor_number) {
  const auto target = host_.read_link("/sys/dev/block/" + std::to_string(major_number) + ":" +
                                      std::to_string(minor_number));
  return target ? target->substr(target->rfind('/') + 1) : std::string();
}

Result<BlockLayers> BlockDevices::below(const std::string& name, int depth) {
  if (depth > kMaxBlockLayers) return unknown("more layers of devices than are followed");
  const auto dm_uuid = attribute(name, "dm/uuid");
  if (!dm_uuid) return fail(dm_uuid.error());
  if (const auto cipher = mapper_cipher(*dm_uuid)) {
    return BlockLayers{.is_encrypted = true,
                       .type = cipher->type,
                       .uuid = cipher->uuid,
                       .layers = cipher->type,
                       .note = {}};
  }
  const auto backing = attribute(name, "loop/backing_file");
  if (!backing) return fail(backing.error());
  if (!backing->empty()) {
    auto layers = below_file(*backing, depth + 1);
    if (layers) layers->layers = "file on " + layers->layers;
    return layers;
  }
  const auto parts =
      host_.list_directory(std::string(kBlock).append(name).append("/slaves"), kMaxParts);
  if (!parts && parts.error().code() != Code::kNotFound) return fail(parts.error());
  if (!parts || parts->empty())
    return BlockLayers{
        .is_encrypted = false, .type = "none", .uuid = {}, .layers = "disk", .note = {}};
  return below_parts(*parts, layer_of(name, *dm_uuid), depth);
}

// Encrypted is what lies on encrypted parts only.
Result<BlockLayers> BlockDevices::below_parts(const std::vector<std::string>& parts,
                                              const std::string& layer, int depth) {
  std::optional<BlockLayers> all;
  bool has_encrypted = false;
  for (const auto& part : parts) {
    auto one = below(part, depth + 1);
    if (!one) return one;
    has_encrypted = has_encrypted || one->is_encrypted == true;
    // The worst of them speaks for all: not encrypted, then unknown.
    const auto badness = [](const BlockLayers& layers) {
      if (!layers.is_encrypted) return 1;
      return *layers.is_encrypted ? 0 : 2;
    };
    if (!all || badness(*one) > badness(*all)) all = *std::move(one);
  }
  if (!all) return unknown("a device without parts");
  if (has_encrypted && all->is_encrypted == false)
    all->note = "some of the devices below are encrypted and some are not";
  all->layers = layer + " on " + all->layers;
  return *std::move(all);
}

Result<BlockLayers> BlockDevices::below_file(std::string_view path, int depth) {
  const Mount* holder = nullptr;
  for (const auto& mount : mounts_) {
    const bool holds = mount.point == "/" ||
                       (path.starts_with(mount.point) &&
                        (path.size() == mount.point.size() || path[mount.point.size()] == '/'));
    if (holds && (holder == nullptr || mount.point.size() >= holder->point.size())) holder = &mount;
  }
  if (holder == nullptr) return unknown("the file system that holds the file is not known");
  return below_mount(*holder, depth);
}

Result<BlockLayers> BlockDevices::below_mount(const Mount& mount, int depth) {
  if (std::ranges::find(kEncryptedFileSystems, mount.kind) != kEncryptedFileSystems.end()) {
    const auto type = mount.kind.substr(mount.kind.find('.') + 1);
    return BlockLayers{.is_encrypted = true, .type = type, .uuid = {}, .layers = type, .note = {}};
  }
  if (mount.kind == "zfs" || mount.kind == "bcachefs")
    return unknown(mount.kind + " encrypts by itself, and no file tells whether it does");
  auto name =
      mount.device_major == 0 ? std::string() : kernel_name(mount.device_major, mount.device_minor);
  if (name.empty()) name = kernel_name(mount.source);
  if (name.empty() && mount.source == "/dev/root")
    return unknown("the kernel does not name the device of the root file system");
  if (name.empty()) return unknown("not on a block device: " + mount.kind);
  auto layers = below(name, depth);
  if (layers && mount.kind == "btrfs" && layers->note.empty() && layers->is_encrypted == true)
    layers->note = "btrfs may lie on several devices; this is the one that was named at mounting";
  return layers;
}

}  // namespace assay::agent
