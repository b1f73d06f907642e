// What a Java archive says of itself: META-INF/MANIFEST.MF (jar specification)
// and META-INF/maven/GROUP/ARTIFACT/pom.properties.
#pragma once

#include <string>
#include <string_view>

namespace assay::agent {

// Empty: not said.
struct JarManifest {
  std::string name;  // Implementation-Title, else Bundle-SymbolicName, else Automatic-Module-Name
  std::string version;  // Implementation-Version, else Bundle-Version, else Specification-Version
  std::string vendor;   // Implementation-Vendor, else Bundle-Vendor, else Specification-Vendor
};
// The main section; `text` may end anywhere behind it.
[[nodiscard]] JarManifest parse_jar_manifest(std::string_view text);

struct MavenArtifact {
  std::string group;
  std::string artifact;
  std::string version;
};
[[nodiscard]] MavenArtifact parse_pom_properties(std::string_view text);

// True for "META-INF/maven/GROUP/ARTIFACT/pom.properties".
[[nodiscard]] bool is_pom_properties(std::string_view member);

}  // namespace assay::agent
