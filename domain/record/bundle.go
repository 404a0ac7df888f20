package record

import (
	"archive/zip"
	"bytes"
	"fmt"
	"io"
	"io/fs"
	"strings"
	"time"

	"osbu/domain/tally"
)

// Names of the record's files.
const (
	readmeFile      = "README.txt"
	manifestFile    = "manifest.txt"
	leavesFile      = "log/leaves.txt"
	checkpointsFile = "log/checkpoints.txt"
	witnessesFile   = "log/witnesses.txt"
	outcomeFile     = "outcome.json"
	signatureFile   = "signature.txt"
)

func openingsFile(area string) string { return "ballots/" + area + ".txt" }

// proofsFile has the lines of a withheld area's ballots without what they say.
func proofsFile(area string) string { return "withheld/" + area + ".txt" }

func inputFile(area string) string { return "areas/" + area + ".pb" }

// file is one file of a zip, written when its turn comes.
type file struct {
	name  string
	write func(io.Writer) error
}

// text is a file that is short enough to be held.
func text(name string, content []byte) file {
	return file{name, func(w io.Writer) error { _, err := w.Write(content); return err }}
}

// bundle writes the zip as it goes. The same content always gives the same
// bytes (nothing is compressed, because compressors change), so that a record
// with any byte changed is another record than its content makes.
func bundle(w io.Writer, moment time.Time, files []file) error {
	z := zip.NewWriter(w)
	for _, f := range files {
		header := &zip.FileHeader{Name: f.name, Method: zip.Store, Modified: moment.UTC().Truncate(2 * time.Second)}
		header.SetMode(fs.FileMode(0o644))
		into, err := z.CreateHeader(header)
		if err != nil {
			return err
		}
		if err := f.write(into); err != nil {
			return fmt.Errorf("%s: %w", f.name, err)
		}
	}
	return z.Close()
}

const readmeTop = `This is the record of a participatory budgeting round: everything that is needed to check and recount it.

manifest.txt          what was voted on, with which rules and keys, signed by the round's log key (C2SP signed note)
log/leaves.txt        the log, a leaf a line: "manifest SHA256", "ballot SHA256-OF-KEY SEQ COMMIT" in the log's order, "close BALLOTS"
log/checkpoints.txt   every checkpoint of the log that was ever published (C2SP tlog-checkpoint), the oldest first
log/witnesses.txt     keys of those whose cosignatures checkpoints bear, a key a line; may be empty
ballots/AREA.txt      the ballots of an area, a line each: INDEX KEY SEQ RANDOMIZER CREDENTIAL SIGNATURE SALT CHOICES...
withheld/AREA.txt     the same without SALT and CHOICES, for an area in which so few voted that single ballots could give somebody away
areas/AREA.pb         the ballots that count, sorted by their choices, in Pabulib's format
outcome.json          rights, credentials and ballots by paper; the outcome of each area with its steps
signature.txt         the SHA-256 of outcome.json, log/checkpoints.txt and log/witnesses.txt, signed by the round's log key

Every ballot can be followed from its proof to the result:
- its line in ballots/ makes the ballot's bytes: "osbu/ballot/v1", round, paper, area, choices and salt (hex), a line each; their SHA-256 is the COMMIT
of the INDEX-th leaf, from 0; the SHA-256 of KEY and SEQ stand there, too
- CREDENTIAL is the RSA-PSS signature (SHA-384, salt 48) of the paper's issuer in manifest.txt over RANDOMIZER and the SHA-384 of "osbu/credential/v1", round,
paper and key (hex), a line each
- SIGNATURE is by KEY (Ed25519) over "osbu/cast/v1", "commit COMMIT", "seq SEQ", a line each
- every ballot of the log has such a line, in ballots/ or withheld/; the leaves make a Merkle tree (RFC 6962); every checkpoint's root is that of the first
so many leaves
- of each key the ballot with the highest SEQ counts; they make areas/AREA.pb, and counting that file by the area's rule makes outcome.json
README.md in domain/record of osbu's source code says all of this to the byte, for whoever wants to check with a program of his own.

Check all of it. Whose record it is, only the log key tells: name the one that you have from a receipt, a poster or a witness.
  osbu-verify record THIS.zip --key KEY
`

const readmeWithheld = `
So few voted in these areas that single ballots could give somebody away. What their ballots say is withheld from the public, not their proofs, totals and
outcomes; sworn auditors check them with osbu-verify record THIS.zip --auditors PART.zip:
`

const readmeRecount = `
Recount an area by hand:
`

const readmeLot = `
The seed breaks ties by lot. It was drawn before the vote: this prints lot_commitment as manifest.txt has it.
`

// readme tells whoever opens the zip how to check it. But for the zip's own
// name its commands can be run as they are, beside the unpacked files.
func readme(p Published) []byte {
	b := bytes.NewBufferString(readmeTop)
	var few, recount strings.Builder
	for _, a := range p.Areas {
		if a.Withheld {
			fmt.Fprintf(&few, "- %s\n", a.Area)
		} else {
			fmt.Fprintf(&recount, "  osbu-tally count %s%s\n", inputFile(a.Area), flags(a.Outcome.Rule))
		}
	}
	for _, part := range []struct{ heading, body string }{{readmeWithheld, few.String()}, {readmeRecount, recount.String()}} {
		if part.body != "" {
			b.WriteString(part.heading + part.body)
		}
	}
	if len(p.Areas) > 0 {
		b.WriteString(readmeLot)
		fmt.Fprintf(b, "  printf %%s %s | tr a-f A-F | basenc --base16 -d | sha256sum\n", p.Areas[0].Lot)
	}
	return b.Bytes()
}

// auditorsReadme heads the auditors' part.
func auditorsReadme(p Published) []byte {
	b := bytes.NewBufferString(
		"This is the auditors' part of the record of round " + p.Round + ": the ballots of areas in which so few voted that single ballots could give\n" +
			"somebody away. It is for sworn auditors, not to be published. Check it together with the record:\n\n  osbu-verify record RECORD.zip --auditors THIS.zip\n\nIt holds:\n",
	)
	for _, a := range p.Areas {
		if a.Withheld {
			fmt.Fprintf(b, "  %s\n  %s\n", openingsFile(a.Area), inputFile(a.Area))
		}
	}
	return b.Bytes()
}

// flags state a complete rule to osbu-tally.
func flags(r tally.Rule) string {
	var b strings.Builder
	for _, f := range []struct{ name, value string }{
		{"rule", string(r.Method)},
		{"utility", string(r.Utility)},
		{"completion", string(r.Completion)},
		{"comparison", string(r.Comparison)},
		{"seed", r.Seed},
	} {
		if f.value != "" {
			b.WriteString(" --" + f.name + " " + f.value)
		}
	}
	switch {
	case r.Threshold == nil:
	case r.Threshold.Share.Sign() > 0:
		b.WriteString(" --threshold " + r.Threshold.Share.Mul(tally.Int(100)).String() + "%")
	default:
		b.WriteString(" --threshold " + r.Threshold.Score.String())
	}
	for _, group := range r.Exclusive {
		b.WriteString(" --exclusive " + strings.Join(group, ","))
	}
	return b.String()
}

// ballotsFile is where the record has an area's ballots.
func ballotsFile(a PublishedArea) string {
	if a.Withheld {
		return proofsFile(a.Area)
	}
	return openingsFile(a.Area)
}

// names are the files of a record in their order.
func names(p Published) []string {
	all := []string{readmeFile, manifestFile, leavesFile, checkpointsFile, witnessesFile}
	for _, a := range p.Areas {
		all = append(all, ballotsFile(a))
	}
	for _, a := range p.Areas {
		if !a.Withheld {
			all = append(all, inputFile(a.Area))
		}
	}
	return append(all, outcomeFile, signatureFile)
}

// auditorsNames are the files of the auditors' part in their order.
func auditorsNames(p Published) []string {
	all := []string{readmeFile}
	for _, name := range []func(string) string{openingsFile, inputFile} {
		for _, a := range p.Areas {
			if a.Withheld {
				all = append(all, name(a.Area))
			}
		}
	}
	return all
}
