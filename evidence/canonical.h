// The canonical form of a table: the bytes whose SHA-256 is the table's name
// for all time. docs/formats/evidence.md is the normative page.
//
//   {"assay":"table/1","table":"users","version":1,"columns":[["uid","integer"],["username","text"]]}
//   [0,"root"]
//   [1000,"mei-ling"]
//
// Rows are sorted bytewise, without duplicates; every line ends with LF; no
// spaces. Strings are written as RFC 8785 §3.2.2.2 writes them; a byte that is
// not part of well-formed UTF-8 is written as the escape \udc80 … \udcff.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "evidence/digest.h"
#include "evidence/result.h"
#include "evidence/table.h"

namespace assay::evidence {

// kInternal if the table has a defect (also: a header that no table/1 may have), kTooLarge over a
// limit of limits.h.
[[nodiscard]] Result<std::string> to_canonical(const Table& table);

// Accepts exactly what to_canonical() can have written, and refuses everything
// else (kInvalidData names the line), so that one table has one digest.
[[nodiscard]] Result<Table> from_canonical(std::string_view bytes);

// What a table says of itself, without its cells.
struct Outline {
  Header header;
  std::size_t rows = 0;
};
// Reads and checks every byte as from_canonical() does, and accepts and refuses exactly the same,
// but keeps no cell: for those who only have to know that it is a table.
[[nodiscard]] Result<Outline> outline_of_canonical(std::string_view bytes);

// Whether `name` may name a table or a column: [a-z][a-z0-9_]{0,63}.
[[nodiscard]] bool is_evidence_name(std::string_view name);

// Appends `text` as a JSON string in the form described above.
void append_json_string(std::string& out, std::string_view text);

// Reads one JSON string that append_json_string() wrote, from `in` at `*at`
// (which stands on the opening quote), and moves `*at` behind the closing one. kTooLarge over
// kMaxCellBytes.
[[nodiscard]] Result<std::string> read_json_string(std::string_view in, std::size_t* at);
// The same, for those who do not need what it says.
[[nodiscard]] Status pass_json_string(std::string_view in, std::size_t* at);

// Length in bytes of the well-formed UTF-8 sequence at the start of `text`; 0 if there is none.
[[nodiscard]] std::size_t utf8_length(std::string_view text);

}  // namespace assay::evidence
