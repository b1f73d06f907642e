// What GSettings gives a user who has set nothing: dconf's databases of the system with their
// locks, the overrides of the distribution, the defaults of the schemas.
//
// The key files of a database are read (/etc/dconf/db/local.d/); they count once
// `dconf update` has made the database of them, which is looked for and not opened.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "agent/host/host.h"
#include "agent/probes/linux/hardening/desktop/key_file.h"

namespace assay::agent {

struct SystemSetting {
  std::string text;  // GVariant: "uint32 300", "true"
  std::string source;
  std::int64_t line = 0;   // 0: a schema's default
  bool is_locked = false;  // users cannot change it
};

class SystemSettings {
 public:
  [[nodiscard]] static Result<SystemSettings> read(Host& host);

  // `schema` is "org.gnome.desktop.session"; nothing when no file of the system knows the key.
  [[nodiscard]] Result<std::optional<SystemSetting>> find(Host& host, std::string_view schema,
                                                          std::string_view key) const;
  // What is odd about the databases: key files that are newer than their database.
  [[nodiscard]] const std::string& note() const { return note_; }

 private:
  struct Database {
    struct File {
      std::string path;
      std::vector<DesktopKey> lines;
    };
    std::vector<File> files;      // the first that has a key gives its value
    std::set<std::string> locks;  // "/org/gnome/desktop/session/idle-delay"
  };
  [[nodiscard]] Status read_database(Host& host, const std::string& name);
  [[nodiscard]] Status read_overrides(Host& host);
  [[nodiscard]] std::optional<SystemSetting> from_databases(std::string_view schema,
                                                            std::string_view key) const;

  std::vector<Database> databases_;  // in the order of the profile
  std::vector<Database::File> overrides_;
  std::string note_;
};

// Numbers as GVariant's text has them: "uint32 300", "@u 300", "0x12c", "int32 -1".
[[nodiscard]] std::optional<std::int64_t> gvariant_number(std::string_view text);
[[nodiscard]] std::optional<bool> gvariant_truth(std::string_view text);
// Whether a text is of the type ("b", "i", "u"; true for others): a bare number is an int32.
[[nodiscard]] bool has_gvariant_type(std::string_view text, std::string_view type);

struct SchemaKey {
  std::string type;                  // empty: not declared
  std::optional<std::string> value;  // the default
};
// What a schema's XML says of `key`.
[[nodiscard]] SchemaKey schema_key(std::string_view xml, std::string_view schema,
                                   std::string_view key);

inline constexpr std::size_t kMaxKeyFiles = 500;

}  // namespace assay::agent
