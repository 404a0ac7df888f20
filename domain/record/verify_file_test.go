package record

import (
	"bytes"
	"crypto/sha256"
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	"osbu/domain/box"
)

// sign signs the files anew, as a city may that holds the log's key.
func (s *sample) sign(t testing.TB, texts map[string][]byte) {
	t.Helper()
	signed, err := s.SignRecord(t.Context(), "r", box.Statement{
		Checkpoints: sha256.Sum256(texts["log/checkpoints.txt"]),
		Witnesses:   sha256.Sum256(texts["log/witnesses.txt"]),
		Batches:     sha256.Sum256(texts["paper/batches.txt"]),
		Outcome:     sha256.Sum256(texts["outcome.json"]),
	})
	if err != nil {
		t.Fatal(err)
	}
	texts["signature.txt"] = signed
}

// upper writes a witness's key hash, which is hexadecimal, in capitals.
func upper(key []byte) []byte {
	parts := bytes.SplitN(key, []byte("+"), 3)
	parts[1] = bytes.ToUpper(parts[1])
	return bytes.Join(parts, []byte("+"))
}

// A record whose files were changed by somebody who has no key, each fault with
// its place.
func TestVerifyNamesTheFaultOfAFile(t *testing.T) {
	s := smallSample(t, 1)
	names, texts := content(t, s.record(t))
	change := func(name, old, other string) func(map[string][]byte) {
		return func(texts map[string][]byte) {
			if !bytes.Contains(texts[name], []byte(old)) {
				t.Fatalf("%s has no %q", name, old)
			}
			texts[name] = bytes.Replace(texts[name], []byte(old), []byte(other), 1)
		}
	}
	lines := func(name string) []string { return strings.SplitAfter(string(texts[name]), "\n") }
	ballots := lines("ballots/a.txt")
	words := strings.Fields(ballots[0])
	for want, lie := range map[string]func(map[string][]byte){
		"README.txt:1: not what the rest of the record makes": change("README.txt", "round", "ring"),
		"manifest.txt:166: the signature by osbu/r+b291dfa4 is not of this text": change("manifest.txt", "Kierros",
			"Kerros"),
		"manifest.txt: not a signed note": change("manifest.txt", "\n\n", "\n"),
		"log/leaves.txt:5: leaf: ": change("log/leaves.txt",
			lines("log/leaves.txt")[4], "leaf\n"),
		"log/leaves.txt:21: the last line has no end": func(texts map[string][]byte) {
			texts["log/leaves.txt"] = bytes.TrimSuffix(texts["log/leaves.txt"], []byte("\n"))
		},
		"log/leaves.txt:18: the line is longer than 256 bytes": change("log/leaves.txt", "close 13",
			"close "+strings.Repeat("0", 300)),
		"log/checkpoints.txt:7: a signature by the unknown key witness.example": func(texts map[string][]byte) { texts["log/witnesses.txt"] = nil },
		"log/checkpoints.txt:14: the signature by osbu/r+b291dfa4 is not of this text": change("log/checkpoints.txt",
			"osbu/r\n9\n", "osbu/r\n8\n"),
		"log/checkpoints.txt:14: not a signed note": change("log/checkpoints.txt", "osbu/r\n9\n", "osbu/r\n— \n"),
		"log/checkpoints.txt:1: not a signed note":  func(texts map[string][]byte) { texts["log/checkpoints.txt"] = nil },
		"log/witnesses.txt:2: the keys are not in the order of their bytes, each once": func(texts map[string][]byte) {
			texts["log/witnesses.txt"] = bytes.Repeat(texts["log/witnesses.txt"], 2)
		},
		"log/witnesses.txt:1: not written as a witness's key is": func(texts map[string][]byte) { texts["log/witnesses.txt"] = upper(texts["log/witnesses.txt"]) },
		"ballots/a.txt:1: 6 words, want 7 and the choices": change("ballots/a.txt", ballots[0],
			strings.Join(words[:6], " ")+"\n"),
		"ballots/a.txt:1: the index is no number": change("ballots/a.txt", "1 ", "one "),
		"ballots/a.txt:1: the seq is no number":   change("ballots/a.txt", " 1 ", " one "),
		"ballots/a.txt:1: choices are not canonical": change("ballots/a.txt", " 1 2\n",
			" 1 two\n"),
		"ballots/a.txt:1: the key is not 32 bytes in base64": change("ballots/a.txt", words[1],
			words[1][:40]),
		"ballots/a.txt:1: not written as an opening is":      change("ballots/a.txt", " 1 2\n", " 01 2\n"),
		"ballots/a.txt:1: choices are not different numbers": change("ballots/a.txt", " 1 2\n", " 2 1\n"),
		"ballots/a.txt:1: leaf 0 is no ballot's":             change("ballots/a.txt", "1 ", "0 "),
		"ballots/a.txt:1: leaf 99 is no ballot's":            change("ballots/a.txt", "1 ", "99 "),
		"ballots/a.txt:2: leaf 1 after leaf 3": change("ballots/a.txt",
			ballots[0]+ballots[1], ballots[1]+ballots[0]),
		"ballots/a.txt:2: leaf 1 after leaf 1": change("ballots/a.txt", ballots[0],
			ballots[0]+ballots[0]),
		"log/leaves.txt:2: the ballot is in no area's file (byte 74)": change("ballots/a.txt", ballots[0], ""),
		"areas/a.pb:1: the file does not begin with META (byte 0)":    change("areas/a.pb", "META", "METE"),
		"areas/a.pb:10: not what the manifest and the ballots make": change("areas/a.pb", "budget;100",
			"budget;101"),
		"outcome.json:1: the file ends within the object (byte 0)": func(texts map[string][]byte) { texts["outcome.json"] = nil },
		"outcome.json:3: the field \"rounds\" does not belong here": change("outcome.json", "\"round\"",
			"\"rounds\""),
		"outcome.json:1: format \"osbu/outcome/v3\", want \"osbu/outcome/v4\"": change("outcome.json", "outcome/v4",
			"outcome/v3"),
		"outcome.json:3: not written as outcome.json is": change("outcome.json", "\"round\": ",
			"\"round\":  "),
		"outcome.json:296: something follows the object": change("outcome.json", "\n}\n", "\n}\n{}\n"),
		"signature.txt:6: not the SHA-256 of this outcome.json": change("outcome.json", "\"rights\": 20",
			"\"rights\": 21"),
		"signature.txt:8: the signature by osbu/r+b291dfa4 is not of this text": change("signature.txt", "osbu/record/v3",
			"osbu/record/v2"),
	} {
		changed := maps.Clone(texts)
		lie(changed)
		if strings.HasPrefix(want, "log/") {
			s.sign(t, changed)
		}
		if got := refused(t, zipped(t, s.manifest, names, changed)); !strings.HasPrefix(got, want) {
			t.Errorf("want %q\n got %q", want, got)
		}
	}
	for want, order := range map[string][]string{
		"areas/b.pb: it is missing": slices.DeleteFunc(slices.Clone(names),
			func(name string) bool { return name == "areas/b.pb" }),
		"manifest.txt: it is missing":        names[:1],
		"notes.txt: it does not belong here": append(slices.Clone(names), "notes.txt"),
		"the zip itself is not the one that its files make: a byte before the first file": append(slices.Clone(names[1:]),
			names[0]),
		"README.txt: it is there twice": append(slices.Clone(names), names[0]),
	} {
		if got := refused(t, zipped(t, s.manifest, order, texts)); !strings.HasPrefix(got, want) {
			t.Errorf("want %q\n got %q", want, got)
		}
	}
	later := s.manifest
	later.Closes = later.Closes.Add(time.Hour)
	if got := refused(t, zipped(t, later, names, texts)); !strings.HasPrefix(got,
		"the zip itself is not the one that its files make") {
		t.Errorf("files of another time: %q", got)
	}
	if got := refused(t, []byte("no zip")); !strings.HasPrefix(got, "no zip: ") {
		t.Error(got)
	}
}
