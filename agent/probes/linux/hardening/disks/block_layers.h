// What lies below a block device, down to the disk: mapper targets, RAID, loop files; and
// whether a layer of encryption is among them. From /sys only: no device is opened.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "agent/host/host.h"
#include "agent/probes/linux/hardening/disks/system_mounts.h"

namespace assay::agent {

struct BlockLayers {
  std::optional<bool> is_encrypted;  // nothing: cannot be told, the note says why
  std::string type;                  // LUKS2, LUKS1, plain, …; "none"; empty: not known
  std::string uuid;                  // of the LUKS header, 32 hexadecimal digits
  std::string layers;                // "lvm on LUKS2 on disk", from the top
  std::string note;
};

// The name of an encrypting mapper target and its UUID, out of dm/uuid: CRYPT-LUKS2-<uuid>-<name>.
// Nothing for the targets that do not encrypt, such as CRYPT-VERITY.
struct MapperCipher {
  std::string type;
  std::string uuid;
};
[[nodiscard]] std::optional<MapperCipher> mapper_cipher(std::string_view dm_uuid);

class BlockDevices {
 public:
  // Both must outlive this.
  BlockDevices(Host& host, const std::vector<Mount>& mounts) : host_(host), mounts_(mounts) {}

  // `name` is the kernel's: sda2, dm-0, md127.
  [[nodiscard]] Result<BlockLayers> below(const std::string& name) { return below(name, 0); }
  // The kernel's name of /dev/mapper/x, /dev/vg/lv, /dev/sda2; empty when it is no block device.
  [[nodiscard]] std::string kernel_name(std::string_view device);
  // The kernel's name by number; empty when there is none.
  [[nodiscard]] std::string kernel_name(std::uint32_t major_number, std::uint32_t minor_number);
  // Of the file system that holds `path`.
  [[nodiscard]] Result<BlockLayers> below_file(std::string_view path, int depth = 0);
  // Of a mounted file system.
  [[nodiscard]] Result<BlockLayers> below_mount(const Mount& mount, int depth = 0);

 private:
  [[nodiscard]] Result<BlockLayers> below(const std::string& name, int depth);
  [[nodiscard]] Result<BlockLayers> below_parts(const std::vector<std::string>& parts,
                                                const std::string& layer, int depth);
  [[nodiscard]] Result<std::string> attribute(const std::string& name, std::string_view file);

  Host& host_;
  const std::vector<Mount>& mounts_;
};

inline constexpr int kMaxBlockLayers = 16;

}  // namespace assay::agent
