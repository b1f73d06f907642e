#include "agent/probes/linux/security/security_products.h"

namespace assay::agent {

const SecurityProduct& clamav() {
  static const SecurityProduct kClamav{
      .kind = "antivirus",
      .name = "ClamAV",
      .packages = {"clamav", "clamav-daemon", "clamav-base"},
      .programs = {"/usr/bin/clamscan", "/usr/sbin/clamd", "/usr/local/bin/clamscan",
                   "/usr/local/sbin/clamd"},
      .units = {"clamav-daemon.service", "clamd@scan.service", "clamd.service"},
      .processes = {"clamd"}};
  return kClamav;
}

std::span<const SecurityProduct> other_products() {
  static const std::vector<SecurityProduct> kProducts = {
      {.kind = "antivirus",
       .name = "CrowdStrike Falcon",
       .packages = {"falcon-sensor"},
       .programs = {"/opt/CrowdStrike/falcond"},
       .units = {"falcon-sensor.service"},
       .processes = {"falcond", "falcon-sensor", "falcon-sensor-b"}},
      {.kind = "antivirus",
       .name = "ESET",
       .packages = {"efs", "eea", "ees"},
       .programs = {"/opt/eset/efs/sbin/startd", "/opt/eset/eea/sbin/startd"},
       .units = {"efs.service", "eea.service"},
       .processes = {"oaeventd"}},
      {.kind = "antivirus",
       .name = "Microsoft Defender for Endpoint",
       .packages = {"mdatp"},
       .programs = {"/opt/microsoft/mdatp/sbin/wdavdaemon"},
       .units = {"mdatp.service"},
       .processes = {"wdavdaemon"}},
      {.kind = "antivirus",
       .name = "SentinelOne",
       .packages = {"sentinelagent"},
       .programs = {"/opt/sentinelone/bin/sentinelctl"},
       .units = {"sentinelone.service"},
       .processes = {"s1-agent", "sentineld"}},
      {.kind = "antivirus",
       .name = "Sophos Protection for Linux",
       .packages = {},
       .programs = {"/opt/sophos-spl/base/bin/sophos_managementagent",
                    "/opt/sophos-av/bin/savdstatus"},
       .units = {"sophos-spl.service", "sav-protect.service"},
       .processes = {"sophos_manageme", "savd"}},
      {.kind = "antivirus",
       .name = "Trend Micro Deep Security Agent",
       .packages = {"ds-agent"},
       .programs = {"/opt/ds_agent/ds_agent"},
       .units = {"ds_agent.service"},
       .processes = {"ds_agent"}},
      {.kind = "intrusion_detection",
       .name = "Wazuh agent",
       .packages = {"wazuh-agent"},
       .programs = {"/var/ossec/bin/wazuh-agentd"},
       .units = {"wazuh-agent.service"},
       .processes = {"wazuh-agentd"}},
  };
  return kProducts;
}

}  // namespace assay::agent
