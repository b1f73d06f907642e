// Notes, checkpoints, verifier keys and proofs of logging: what is accepted is written again byte
// for byte, and nobody vouches for what he did not sign. The first byte says which of them it is.
#include <cstdint>
#include <cstdlib>
#include <span>
#include <string_view>

#include "evidence/ledger/checkpoint.h"
#include "evidence/ledger/entry.h"
#include "evidence/ledger/tiles.h"
#include "evidence/ledger/tlog_proof.h"

namespace {

using namespace assay::evidence;

void require(bool condition) {
  if (!condition) std::abort();
}

const VerifierKey& known_key() {
  static const VerifierKey kKey =
      verifier_key_from("PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW")
          .value();
  return kKey;
}

void read_note(std::string_view bytes) {
  const auto note = note_from_text(bytes);
  if (!note) return;
  require(to_text(*note) == bytes);
  (void)open_note(*note, std::span(&known_key(), 1));
  if (const auto checkpoint = checkpoint_from_text(note->text))
    require(to_text(*checkpoint) == note->text);
  (void)open_checkpoint(bytes, known_key(), known_key().name);
}

void read_proof(std::string_view bytes) {
  const auto proof = tlog_proof_from(bytes);
  if (!proof) return;
  require(to_text(*proof) == bytes);
  if (const auto entry = ledger_entry_from(proof->extra)) require(to_text(*entry) == proof->extra);
  (void)verify_logged(*proof, proof->extra, known_key(), known_key().name);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  const std::string_view bytes(reinterpret_cast<const char*>(data) + 1, size - 1);
  switch (data[0]) {
    case 'n': read_note(bytes); break;
    case 'p': read_proof(bytes); break;
    case 'k':
      if (const auto key = verifier_key_from(bytes); key && !bytes.ends_with('\n'))
        require(to_text(*key) == bytes);
      break;
    case 't':
      if (const auto path = tile_path_from(bytes)) require(to_text(*path) == bytes);
      break;
    default:
      if (const auto entry = ledger_entry_from(bytes)) require(to_text(*entry) == bytes);
  }
  return 0;
}
