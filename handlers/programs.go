package handlers

import (
	"compress/gzip"
	"encoding/json"
	"errors"
	"io/fs"

	"github.com/gofiber/fiber/v2"
)

// programsPath is below which anyone gets what a round is checked with.
const programsPath = "/programs"

// Which programs there are, and what starts the browser's one.
const (
	programList  = "list.json"
	programStart = "wasm_exec.js"
	// The licences of what programs to download are built from.
	programNotice = "NOTICE.txt"
)

// workerPolicy is that of the browser's workers (CSP Level 3), which have their
// own and not their page's. They compile the WebAssembly of osbu-verify, and
// that needs 'wasm-unsafe-eval'; so no page has it.
const workerPolicy = "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; connect-src 'self'"

// workers are below which the build puts their scripts.
const workers = "/assets/worker"

// program stays in its file as it was packed by the build: several of them,
// plain, are a hundred megabytes, and even packed they are twenty that a server
// need not hold twice.
type program struct {
	files     fs.FS
	name      string // without the ending: .gz, and .br if it has that, too
	brotli    bool
	kind, tag string
}

// open is the file of this ending, and its size.
func (p program) open(ending string) (fs.File, int, error) {
	f, err := p.files.Open(p.name + ending)
	if err != nil {
		return nil, 0, err
	}
	about, err := f.Stat()
	if err != nil {
		return nil, 0, errors.Join(err, f.Close())
	}
	return f, int(about.Size()), nil
}

// readPrograms takes those of the list, and puts the files beside them among
// the others.
func (s *Server) readPrograms(files map[string]*file) map[string]program {
	programs := map[string]program{}
	if s.config.Programs == nil {
		return programs
	}
	list, err := fs.ReadFile(s.config.Programs, programList)
	if err != nil {
		return programs // this build has none
	}
	must := func(b []byte, err error) []byte {
		if err != nil {
			panic(err) // they are embedded
		}
		return b
	}
	var named []struct {
		OS     string `json:"os"`
		File   string `json:"file"`
		SHA256 string `json:"sha256"`
	}
	must(nil, json.Unmarshal(list, &named))
	files[programsPath+"/"+programList] = newFile(programList, list)
	files[programsPath+"/"+programStart] = newFile(programStart, must(fs.ReadFile(s.config.Programs, programStart)))
	if notice, err := fs.ReadFile(s.config.Programs, programNotice); err == nil {
		files[programsPath+"/"+programNotice] = newFile(programNotice, notice)
	}
	for _, n := range named {
		p := program{files: s.config.Programs, name: n.File, kind: fiber.MIMEOctetStream, tag: `"` + n.SHA256 + `"`}
		if n.OS == "js" {
			p.kind, p.brotli = "application/wasm", true
		}
		_, err := fs.Stat(p.files, p.name+".gz")
		must(nil, err)
		if p.brotli {
			_, err := fs.Stat(p.files, p.name+".br")
			must(nil, err)
		}
		programs[programsPath+"/"+n.File] = p
	}
	return programs
}

// send gives it packed to whoever takes that, and each piece of it the time
// that a slow connection needs.
func (p program) send(c *fiber.Ctx) error {
	c.Set(fiber.HeaderETag, p.tag)
	c.Set(fiber.HeaderContentType, p.kind)
	c.Set(fiber.HeaderCacheControl, "no-cache") // the next release has another by this name
	c.Vary(fiber.HeaderAcceptEncoding)
	offers := []string{"gzip"}
	if p.brotli {
		offers = []string{"br", "gzip"}
	}
	chosen := encoding(c, offers...)
	ending := ".gz"
	if chosen == "br" {
		ending = ".br"
	}
	packed, size, err := p.open(ending)
	if err != nil {
		return err
	}
	if chosen != "" {
		c.Set(fiber.HeaderContentEncoding, chosen)
		c.Context().SetBodyStream(patient{packed, c.Context().Conn()}, size)
		return nil
	}
	plain, err := gzip.NewReader(packed)
	if err != nil {
		return errors.Join(err, packed.Close())
	}
	c.Context().SetBodyStream(patient{plain, c.Context().Conn()}, -1)
	return nil
}
