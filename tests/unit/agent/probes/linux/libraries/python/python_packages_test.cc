#include "agent/probes/linux/libraries/python/python_packages.h"

#include <gtest/gtest.h>

#include "agent/host/failing_host.h"
#include "agent/probes/linux/libraries/python/python_metadata.h"
#include "tests/unit/agent/memory_host.h"
#include "tests/unit/agent/probes/linux/libraries/walked.h"
#include "tests/unit/agent/rows.h"

namespace assay::agent {
namespace {

constexpr const char* kSite = "/usr/lib/python3/dist-packages/";
constexpr const char* kWheel =
    "Metadata-Version: 2.1\nName: Django_Rest\nVersion: 4.2.1\nSummary: Web: fast\n"
    "Author-email: Jo Doe <jo@example.org>\nLicense: BSD-3-Clause\n\n# Name: other\n";

evidence::Table table_of(Host& host) {
  return good(walked(host, make_python_packages()));
}

TEST(PythonPackagesTest, AWheelFillsEveryColumn) {
  MemoryHost host;
  host.files[std::string(kSite) + "django_rest-4.2.1.dist-info/METADATA"] = kWheel;
  const auto table = table_of(host);
  ASSERT_EQ(table.rows().size(), 1U);
  EXPECT_EQ(row(table, 0, {"name", "uid", "version", "summary", "author", "license"}),
            "Django_Rest|0|4.2.1|Web: fast|Jo Doe|BSD-3-Clause");
  EXPECT_EQ(row(table, 0, {"path", "directory"}),
            "/usr/lib/python3/dist-packages/django_rest-4.2.1.dist-info|"
            "/usr/lib/python3/dist-packages");
  EXPECT_EQ(row(table, 0, {"purl", "note"}), "pkg:pypi/django-rest@4.2.1|NULL");
}

TEST(PythonPackagesTest, EggsOfAllShapesAreFound) {
  MemoryHost host;
  const char* egg = "Name: x\nVersion: 1\n";
  host.files = {{"/a/one-1.egg-info", egg},
                {"/a/two-1.egg-info/PKG-INFO", egg},
                {"/a/three-1.egg/EGG-INFO/PKG-INFO", egg}};
  const auto table = table_of(host);
  EXPECT_EQ(cell(table, "path", "/a/one-1.egg-info", "directory"), "/a");
  EXPECT_EQ(cell(table, "path", "/a/two-1.egg-info", "directory"), "/a");
  EXPECT_EQ(cell(table, "path", "/a/three-1.egg/EGG-INFO", "directory"), "/a/three-1.egg");
}

TEST(PythonPackagesTest, AnUnpackedSourceArchiveIsNotInstalled) {
  MemoryHost host;
  host.files = {{"/src/x-1.0/PKG-INFO", kWheel}, {"/src/METADATA", kWheel}};
  EXPECT_EQ(table_of(host).rows().size(), 0U);
}

TEST(PythonPackagesTest, LayersOfContainersAreLeftOut) {
  MemoryHost host;
  host.files["/var/lib/docker/overlay2/0a/diff/x-1.dist-info/METADATA"] = kWheel;
  EXPECT_EQ(table_of(host).rows().size(), 0U);
}

TEST(PythonPackagesTest, BrokenMetadataIsARowThatSaysSo) {
  MemoryHost host;
  host.files["/a/x-1.dist-info/METADATA"] = std::string("\0\xFF\n\n", 4);
  const auto table = table_of(host);
  EXPECT_EQ(row(table, 0, {"name", "path", "note"}), "NULL|/a/x-1.dist-info|it says no name");
}

TEST(PythonPackagesTest, UnreadableMetadataIsARowThatSaysSo) {
  MemoryHost inner;
  inner.files = {{"/a/x.egg-info", kWheel}, {"/b/y.egg-info", kWheel}};
  FailingHost host(inner);
  host.fail_path("/b/y.egg-info", Error(Code::kPermissionDenied, "no"));
  const auto table = table_of(host);
  EXPECT_EQ(cell(table, "path", "/a/x.egg-info", "note"), "NULL");
  EXPECT_NE(cell(table, "path", "/b/y.egg-info", "note"), "NULL");
}

TEST(PythonMetadataTest, OnlyTheFirstLineOfALongLicenceIsKept) {
  const auto package = parse_python_metadata(
      "Name: a\nVersion: 1\nLicense: Apache\n        Version 2\n \tName: b\nAuthor: Al Roe\n");
  EXPECT_EQ(package->license, "Apache");
  EXPECT_EQ(package->name, "a");
  EXPECT_EQ(package->author, "Al Roe");
}

TEST(PythonMetadataTest, UnknownIsNotSaid) {
  const auto package = parse_python_metadata(
      "Name: a\nVersion: 1\nSummary: UNKNOWN\nLicense: UNKNOWN\n"
      "Classifier: License :: OSI Approved :: MIT License\n");
  EXPECT_EQ(package->summary, "");
  EXPECT_EQ(package->license, "MIT License");
}

TEST(PythonMetadataTest, ALicenceExpressionIsBest) {
  EXPECT_EQ(parse_python_metadata("Name: a\nLicense: old\nLicense-Expression: MIT\n")->license,
            "MIT");
}

TEST(PythonMetadataTest, WindowsLineEndsAndAByteOrderMarkAreTaken) {
  const auto package = parse_python_metadata("\xEF\xBB\xBFName: a\r\nVersion: 2\r\n\r\nName: b");
  EXPECT_EQ(package->name + package->version, "a2");
}

TEST(PythonMetadataTest, WithoutANameItIsNone) {
  EXPECT_EQ(parse_python_metadata("").error().code(), Code::kInvalidData);
  EXPECT_EQ(parse_python_metadata("\nName: a\n").error().code(), Code::kInvalidData);
}

}  // namespace
}  // namespace assay::agent
