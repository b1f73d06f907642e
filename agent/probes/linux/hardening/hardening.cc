#include "agent/probes/linux/hardening/hardening.h"

#include "agent/probes/linux/hardening/crypto/crypto_policy.h"
#include "agent/probes/linux/hardening/desktop/screen_lock.h"
#include "agent/probes/linux/hardening/disks/disk_encryption.h"
#include "agent/probes/linux/hardening/disks/mounts.h"
#include "agent/probes/linux/hardening/files/certificates_on_disk.h"
#include "agent/probes/linux/hardening/files/sensitive_files.h"
#include "agent/probes/linux/hardening/sshd/sshd_config.h"
#include "agent/probes/linux/hardening/usb/usb_devices.h"
#include "agent/probes/linux/hardening/usb/usb_policy.h"

namespace assay::agent {

std::span<const Probe> hardening_probes() {
  static const std::vector<Probe> kProbes = {
      {.table = "certificates_on_disk",
       .walker = make_certificates_on_disk,
       .cadence = Cadence::kDaily},
      {.table = "crypto_policy", .collect = collect_crypto_policy},
      {.table = "disk_encryption", .collect = collect_disk_encryption},
      {.table = "mounts", .collect = collect_mounts},
      {.table = "screen_lock", .collect = collect_screen_lock},
      {.table = "sensitive_files", .walker = make_sensitive_files, .cadence = Cadence::kDaily},
      {.table = "sshd_config", .collect = collect_sshd_config},
      {.table = "usb_devices", .collect = collect_usb_devices},
      {.table = "usb_policy", .collect = collect_usb_policy},
  };
  return kProbes;
}

}  // namespace assay::agent
