#include "agent/probes/linux/hardening/files/certificates_on_disk.h"

#include <gtest/gtest.h>

#include "tests/unit/agent/certificates/test_certificates.h"
#include "tests/unit/agent/memory_host.h"
#include "tests/unit/agent/rows.h"

namespace assay::agent {
namespace {

evidence::Table rows_of(MemoryHost& host) {
  CertificatesOnDisk walker;
  const auto walk = host.walk(walker);
  return good(walker.finish(host, *walk));
}

TEST(CertificatesOnDisk, ListsWhatServersUse) {
  MemoryHost host;
  host.files["/etc/nginx/site.crt"] = make_certificate("site");
  host.files["/srv/app/tls.pem"] = make_certificate("app");
  const auto rows = rows_of(host);
  EXPECT_EQ(rows.rows().size(), 2U);
  EXPECT_EQ(cell(rows, "common_name", "app", "path"), "/srv/app/tls.pem");
  EXPECT_EQ(cell(rows, "common_name", "site", "key_strength"), "256");
}

TEST(CertificatesOnDisk, LeavesOutStoresSamplesAndLayers) {
  for (const auto* path :
       {"/usr/share/ca-certificates/mozilla/a.crt", "/etc/pki/ca-trust/extracted/pem/b.pem",
        "/var/lib/docker/overlay2/x/etc/a.crt", "/tmp/a.pem", "/srv/x/node_modules/y/a.pem",
        "/etc/nginx/site.key", "/etc/a", ".crt"})
    EXPECT_FALSE(may_hold_certificates(path)) << path;
  EXPECT_TRUE(may_hold_certificates("/usr/local/share/ca-certificates/own.crt"));
  EXPECT_TRUE(may_hold_certificates("/home/alice/a.der"));
}

TEST(CertificatesOnDisk, ABrokenFileIsOneRowWithANote) {
  MemoryHost host;
  host.files["/etc/a.crt"] = "-----BEGIN CERTIFICATE-----\nxx\n-----END CERTIFICATE-----\n";
  host.files["/etc/b.pem"] = "no certificate at all";
  const auto rows = rows_of(host);
  ASSERT_EQ(rows.rows().size(), 1U);
  EXPECT_EQ(row(rows, 0, {"path", "common_name"}), "/etc/a.crt|NULL");
  EXPECT_NE(row(rows, 0, {"note"}), "NULL");
}

TEST(CertificatesOnDisk, WhatWasNotSeenIsNoTable) {
  MemoryHost host;
  CertificatesOnDisk walker;
  EXPECT_FALSE(walker.finish(host, {.unreadable = 1, .first_unreadable = "/srv"}).has_value());
}

}  // namespace
}  // namespace assay::agent
