package record

import (
	"archive/zip"
	"bytes"
	_ "embed"
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

// voidFile has the sealed ballots of a paper that do not count.
func voidFile(paper string) string { return "void/" + paper + ".txt" }

// voidFiles are those of a record whose ballots were sealed.
func voidFiles(p Published) (files []string) {
	if len(p.OpeningKey) == 0 {
		return nil
	}
	for _, paper := range p.Papers {
		files = append(files, voidFile(paper.Paper))
	}
	return files
}

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

//go:embed readme.txt
var readmeTop string

const readmeSealed = `
Ballots were sealed until the close (HPKE, RFC 9180), so that nobody could count while people voted:
- lines in ballots/ have SEALED before SALT, what the voter's browser sent, and lines in withheld/ its SHA-256; SIGNATURE is over "osbu/cast/v2",
"commit COMMIT", "sealed SHA256-OF-SEALED", "seq SEQ", a line each
- opening_key in outcome.json opens them all: the private key to the one in manifest.txt
- void/PAPER.txt has those that do not count: INDEX KEY SEQ RANDOMIZER CREDENTIAL SIGNATURE SEALED REASON
`

const readmeWithheld = `
So few voted in these areas that single ballots could give somebody away. What their ballots say is withheld from the public, and votes of projects that fewer than
five named, not their proofs, other totals and outcomes; sworn auditors check them with osbu-verify record THIS.zip --auditors PART.zip:
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
	if len(p.OpeningKey) > 0 {
		b.WriteString(readmeSealed)
	}
	var few, recount strings.Builder
	for _, a := range p.Areas {
		if a.Withheld {
			fmt.Fprintf(&few, "- %s\n", a.Area)
		} else {
			fmt.Fprintf(&recount, "  osbu-tally count %s%s\n", inputFile(a.Area), flags(a.Outcome.Rule))
		}
	}
	for _, part := range []struct{ heading, body string }{
		{readmeWithheld, few.String()},
		{readmeRecount, recount.String()},
	} {
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
		"This is the auditors' part of the record of round " + p.Round + ": the ballots of areas in which so few voted " +
			"that single ballots could give\n" +
			"somebody away. It is for sworn auditors, not to be published. Check it together with the record:\n\n  " +
			"osbu-verify record RECORD.zip --auditors THIS.zip\n\nIt holds:\n",
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
	all := []string{readmeFile, manifestFile, leavesFile, checkpointsFile, witnessesFile, stepsFile, batchesFile}
	for _, a := range p.Areas {
		all = append(all, ballotsFile(a))
	}
	all = append(all, voidFiles(p)...)
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
