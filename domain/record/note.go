package record

import (
	"bytes"
	"encoding/base64"
	"errors"
	"fmt"
	"strings"

	"golang.org/x/mod/sumdb/note"

	"osbu/domain/round"
)

// openManifest checks the note's signature with the log key that the manifest
// itself names: whoever has the key from elsewhere compares the two.
func openManifest(signed []byte) (m round.Manifest, err error) {
	end := bytes.Index(signed, []byte("\n\n"))
	if end < 0 {
		return m, errors.New(noNote)
	}
	text := signed[:end+1]
	if err := decodeJSON(text, &m); err != nil {
		return m, err
	}
	if m.Format != round.ManifestFormat {
		return m, faultAt(text, 0, "format %.40q, want %q", m.Format, round.ManifestFormat)
	}
	verifier, err := note.NewVerifier(m.LogKey)
	if err != nil {
		return m, &Fault{
			Line: lineOf(text, "log_key"), Byte: nowhere,
			Text: "log_key is no key NAME+HASH+BASE64 as in C2SP signed-note",
		}
	}
	n, err := openNote(signed, verifier)
	if err != nil {
		return m, atSignatures(signed, err)
	}
	again, err := m.Encode()
	if err != nil {
		return m, err
	}
	if at := differs(again, []byte(n.Text)); at >= 0 {
		return m, faultAt([]byte(n.Text), at, "not written as a manifest is: fields in order, each once, two spaces of "+
			"indent, nothing after the object")
	}
	return m, nil
}

// atSignatures is a fault of a note at its first signature line.
func atSignatures(signed []byte, err error) error {
	at := 0
	if end := bytes.Index(signed, []byte("\n\n")); end >= 0 {
		at = end + len("\n\n")
	}
	return faultAt(signed, int64(at), "%v", err)
}

const noNote = "not a signed note: a text, an empty line, then lines \"— NAME BASE64\""

// openNote opens a signed note all of whose signatures are by the keys given,
// the first by the first, the others in the keys' order, and which is written
// as notes are.
func openNote(signed []byte, first note.Verifier, others ...note.Verifier) (*note.Note, error) {
	keys := append([]note.Verifier{first}, others...)
	n, err := note.Open(signed, note.VerifierList(keys...))
	if err != nil {
		return nil, plainly(err, first)
	}
	if len(n.UnverifiedSigs) > 0 {
		return nil, fmt.Errorf(
			"a signature by the unknown key %s+%08x",
			n.UnverifiedSigs[0].Name,
			n.UnverifiedSigs[0].Hash,
		)
	}
	if n.Sigs[0].Name != first.Name() || n.Sigs[0].Hash != first.KeyHash() {
		return nil, fmt.Errorf("the first signature is not by %s", first.Name())
	}
	place := 0
	var again strings.Builder
	again.WriteString(n.Text + "\n")
	for _, s := range n.Sigs {
		for place < len(keys) && (keys[place].Name() != s.Name || keys[place].KeyHash() != s.Hash) {
			place++
		}
		if place == len(keys) {
			return nil, fmt.Errorf("the signature of %s+%08x is not in the order of %s", s.Name, s.Hash, witnessesFile)
		}
		signature, err := base64.StdEncoding.DecodeString(s.Base64)
		if err != nil {
			return nil, err
		}
		again.WriteString("— " + s.Name + " " + base64.StdEncoding.EncodeToString(signature) + "\n") // without stray bits
	}
	if again.String() != string(signed) {
		return nil, errors.New("not written as a signed note is: a key signs once, base64 has no stray bits, nothing follows")
	}
	return n, nil
}

// plainly says why a note could not be opened.
func plainly(err error, first note.Verifier) error {
	if other, ok := errors.AsType[*note.UnverifiedNoteError](err); ok && len(other.Note.UnverifiedSigs) > 0 {
		by := other.Note.UnverifiedSigs[0]
		return fmt.Errorf("signed by %s+%08x, not by the round's log key %s+%08x", by.Name, by.Hash, first.Name(),
			first.KeyHash())
	}
	if wrong, ok := errors.AsType[*note.InvalidSignatureError](err); ok {
		return fmt.Errorf("the signature by %s+%08x is not of this text", wrong.Name, wrong.Hash)
	}
	return errors.New(noNote)
}
