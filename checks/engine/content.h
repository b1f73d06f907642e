// What Assay knows: checks, framework catalogues, parameters and reference
// tables. Content is data; a new framework needs no code.
//
// A loaded Content is never changed and may be read from any thread.
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "checks/engine/applicability.h"
#include "evidence/digest.h"
#include "evidence/result.h"
#include "evidence/table.h"
#include "evidence/text.h"

namespace assay::checks {

enum class Severity { kInfo, kLow, kMedium, kHigh, kCritical };
[[nodiscard]] std::string_view name_of(Severity severity);
[[nodiscard]] std::optional<Severity> severity_from(std::string_view name);

// How much of a control a check proves.
enum class Proves { kSupporting, kPartial, kFull };
[[nodiscard]] std::string_view name_of(Proves proves);

struct Mapping {
  std::string framework;  // "idb-isp"
  std::string control;    // "2.3.2"
  Proves proves = Proves::kSupporting;
  Text not_proven;  // empty only for kFull
};

struct Check {
  std::string id;
  Text title;
  Text rationale;
  Text remedy;
  Severity severity = Severity::kMedium;
  std::vector<std::string> profiles;  // "server", "pc"
  std::string applies;                // SQL; empty: every host
  std::string query;                  // SQL: the violating rows
  std::string facts;                  // SQL; may be empty
  std::vector<std::string> key;       // columns of `query` that identify a finding
  std::vector<Mapping> mappings;
  std::string origin;  // file and line, for messages

  // Learnt from the SQL when the content is compiled.
  std::vector<std::string> tables;  // host and reference tables read, sorted; with "clock" if read
  std::vector<std::string> applies_tables;  // those of them that `applies` reads
  std::vector<std::string> parameters;      // names read from `parameters`, sorted
  std::vector<std::string> derived;  // derived tables read, sorted; `tables` has what these read
  evidence::Digest digest;           // over everything that decides verdict and findings
};

// A day by which those whom it is addressed to must have done what a control asks.
struct Deadline {
  Text who;
  std::string by;  // YYYY-MM-DD
};

struct Control {
  std::string id;
  Text title;
  Text gist;
  enum class Mode { kAutomated, kPartial, kManual } mode = Mode::kManual;
  Text remains;           // for kPartial: what a person must still attest
  std::string frequency;  // "monthly" …; empty when the document names none
  Text location;
  Applicability applies_to;
  std::string effective;  // YYYY-MM-DD; empty when the document names no day of its own for it
  std::vector<Deadline> deadlines;
  Text not_mapped;  // why no check decides it; every manual control says so
};
[[nodiscard]] std::string_view name_of(Control::Mode mode);

struct ParameterValue {
  evidence::Value value;  // NULL: the framework does not ask
  Text source;            // clause, or where the default comes from
};

struct Framework {
  std::string id;
  std::string edition;
  std::string
      effective;  // since when the edition is in force; empty when the document does not say
  Text title;
  Text source;
  std::int64_t controls_in_document = 0;
  // profile → parameter → value that the document itself fixes
  std::map<std::string, std::map<std::string, ParameterValue>> parameters;
  std::vector<Control> controls;

  [[nodiscard]] const Control* find(std::string_view control) const;
  // Since when the control is in force: its own day, else that of the edition; may be empty.
  [[nodiscard]] const std::string& effective_of(const Control& control) const;
};

struct ParameterSpec {
  std::string name;
  Text meaning;
  std::map<std::string, evidence::Value> defaults;  // by profile
  Text source;
};

struct ReferenceTable {
  std::shared_ptr<const evidence::Table> table;  // never null; contents share it
  evidence::Digest digest;                       // of its canonical form
  std::string source;
  std::string retrieved;    // YYYY-MM-DD
  std::string unavailable;  // the reason, when the table may not be judged by (an empty allow-list)
  std::int64_t max_age_days = 0;  // how long after `retrieved` it may be judged by; 0: for ever
};

// Why a table may not be judged by on a day (YYYY-MM-DD): it is none yet, or too old. Empty: it
// may.
[[nodiscard]] std::string reason_against(const ReferenceTable& table, std::string_view today);

// A table that several checks read and that is worked out once for a host, from tables of evidence
// and reference tables alone. It is no evidence: the same tables always give the same rows.
struct DerivedTable {
  evidence::Header header;
  std::string query;                // SQL; answers with the header's columns
  std::vector<std::string> tables;  // host and reference tables read, sorted
  evidence::Digest digest;          // over the name, the columns and the query
};

struct Content {
  std::vector<Check> checks;          // sorted by id
  std::vector<Framework> frameworks;  // sorted by id
  std::vector<ParameterSpec> parameters;
  std::map<std::string, ReferenceTable> references;
  std::map<std::string, DerivedTable> derived;
  evidence::Digest digest;  // over all of it; zero where Digests::kAsWritten

  [[nodiscard]] const Check* check(std::string_view id) const;
  [[nodiscard]] const Framework* framework(std::string_view id) const;
  // The value in force for a framework and profile: the framework's own figure, else the default.
  [[nodiscard]] ParameterValue parameter(const Framework* framework, std::string_view profile,
                                         std::string_view name) const;
};

// Compiles YAML (folders rules/, controls/, reference/ below each of `folders`, or plain files in
// a content.d) and checks everything that lint checks. All problems are reported at once, each as
// "file:line: what; did you mean …?" in the Error's message, one per line (kConfiguration).
[[nodiscard]] Result<Content> compile_content(const std::vector<std::string>& folders);

// Whose word is taken for the digests of compiled content. kComputed: they are made of the bytes,
// and a reference table whose own differs is damage. kAsWritten: a reference table has the one that
// stands beside it, and the content has none; for a program that judges one host and ends, since
// hashing is a third of the reading.
enum class Digests { kComputed, kAsWritten };

// The compiled form: one JSON file, fast to load.
[[nodiscard]] std::string to_json(const Content& content);
[[nodiscard]] Result<Content> content_from_json(const std::string& json,
                                                Digests digests = Digests::kComputed);

inline constexpr std::string_view kOwnContentFolder = "/etc/assay/content.d";

// Where the shipped content.json is: $ASSAY_CONTENT, beside the program (../share/assay),
// /usr/share/assay. kConfiguration for a folder that is not there, unless it is kOwnContentFolder,
// and for anything in a folder that looks like content and cannot be read. `overlay_folders` are
// compiled on top.
[[nodiscard]] Result<Content> load_content(const std::vector<std::string>& overlay_folders = {},
                                           Digests digests = Digests::kComputed);

// Its parts, for a program that looks for newer content while it runs. The file that is found, the
// files of a folder that are read, sorted, and `base` with those files compiled on top; folders as
// above.
[[nodiscard]] Result<std::string> find_content();
[[nodiscard]] Result<std::vector<std::string>> content_files(const std::string& folder);
[[nodiscard]] Result<Content> content_over(Content base,
                                           const std::vector<std::string>& overlay_folders);

}  // namespace assay::checks
