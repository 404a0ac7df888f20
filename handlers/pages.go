package handlers

import (
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"encoding/hex"
	"io"
	"io/fs"
	"mime"
	"net/http"
	"path"
	"strings"
	"sync"

	"github.com/andybalholm/brotli"
	"github.com/gofiber/fiber/v2"

	"osbu/domain"
)

// policy is that of the pages, residents' and staff's alike (CSP Level 3): they
// run and show nothing but our own files, and the tiles of the city's map.
func (s *Server) policy() string {
	return "default-src 'self'; script-src 'self'; style-src 'self'; img-src " + strings.TrimSpace(
		"'self' data: blob: "+s.config.Map.Tiles.origin(),
	) +
		"; connect-src 'self'; font-src 'self'; object-src 'none'; base-uri 'none'; frame-ancestors 'none'; form-action " +
		"'self'"
}

const (
	apiPolicy   = "default-src 'none'; frame-ancestors 'none'"
	permissions = "accelerometer=(), camera=(), display-capture=(), geolocation=(self), gyroscope=(), magnetometer=(), " +
		"microphone=(), payment=(), usb=()"
)

// secure sets the headers that every answer carries. No address of ours is told
// to another site, nor, by one page, to another server.
func (s *Server) secure(c *fiber.Ctx) error {
	c.Set(fiber.HeaderXContentTypeOptions, "nosniff")
	c.Set(fiber.HeaderReferrerPolicy, "no-referrer")
	c.Set(fiber.HeaderXFrameOptions, "DENY")
	c.Set("Permissions-Policy", permissions)
	c.Set("Cross-Origin-Opener-Policy", "same-origin")
	c.Set("Cross-Origin-Resource-Policy", "same-origin")
	c.Set(fiber.HeaderContentSecurityPolicy, apiPolicy)
	if s.isHTTPS() {
		c.Set(fiber.HeaderStrictTransportSecurity, "max-age=63072000; includeSubDomains")
	}
	return c.Next()
}

// file is one of the frontend's, with its compressed forms made when first
// asked for.
type file struct {
	plain        []byte
	kind, tag    string
	gzip, brotli func() []byte
}

func newFile(name string, plain []byte) *file {
	digest := sha256.Sum256(plain)
	kind := mime.TypeByExtension(path.Ext(name))
	switch {
	case path.Ext(name) == ".woff2":
		kind = "font/woff2" // RFC 8081; many a machine's table does not know it
	case kind == "":
		kind = fiber.MIMEOctetStream
	}
	return &file{
		plain: plain, kind: kind, tag: `"` + hex.EncodeToString(digest[:12]) + `"`,
		gzip: sync.OnceValue(func() []byte {
			return compressed(plain, func(w io.Writer) io.WriteCloser {
				z, _ := gzip.NewWriterLevel(w, gzip.BestCompression) // the level is valid
				return z
			})
		}),
		brotli: sync.OnceValue(func() []byte {
			return compressed(plain, func(w io.Writer) io.WriteCloser { return brotli.NewWriterLevel(w, 9) })
		}),
	}
}

func compressed(plain []byte, writer func(io.Writer) io.WriteCloser) []byte {
	var b bytes.Buffer
	w := writer(&b)
	_, _ = w.Write(plain) // a buffer takes everything
	_ = w.Close()
	return b.Bytes()
}

// compresses tells whether compressing this kind pays.
func (f *file) compresses() bool {
	return len(f.plain) > 1000 && (strings.HasPrefix(f.kind, "text/") || strings.Contains(f.kind, "javascript") ||
		strings.Contains(f.kind, "json") || strings.Contains(f.kind, "svg"))
}

func (f *file) send(c *fiber.Ctx) error {
	c.Set(fiber.HeaderETag, f.tag)
	c.Set(fiber.HeaderContentType, f.kind)
	if f.compresses() {
		c.Vary(fiber.HeaderAcceptEncoding)
	}
	body := f.plain
	if f.compresses() {
		switch encoding(c, "br", "gzip") {
		case "br":
			c.Set(fiber.HeaderContentEncoding, "br")
			body = f.brotli()
		case "gzip":
			c.Set(fiber.HeaderContentEncoding, "gzip")
			body = f.gzip()
		}
	}
	return c.Send(body)
}

// encoding is the first of these that whoever asks takes; empty: none of them.
// Which is the smallest is for us to say: browsers name gzip first, and Fiber
// would choose what is named first.
func encoding(c *fiber.Ctx, best ...string) string {
	if c.Get(fiber.HeaderAcceptEncoding) == "" { // which Fiber takes for anything
		return ""
	}
	for _, one := range best {
		if c.AcceptsEncodings(one) == one {
			return one
		}
	}
	return ""
}

// pages serves the frontend: its files by name, and for every other address the
// page that its paths belong to. Addresses of the office and the box pass, and
// so come to Fiber's own refusal.
func (s *Server) pages() fiber.Handler {
	files, policy := s.readFiles(), s.policy()
	programs := s.readPrograms(files)
	return func(c *fiber.Ctx) error {
		name := c.Path()
		switch {
		case under(name, "/api", "/box"):
			return c.Next()
		case name == sitemapPath && isRead(c):
			c.Locals(localOperation, pageOperation)
			return s.sendSitemap(c)
		case !isRead(c):
			return fiber.ErrMethodNotAllowed
		}
		c.Locals(localOperation, pageOperation)
		if under(name, embedPath) {
			return s.sendEmbed(c)
		}
		if f, ok := files[name]; ok && !strings.HasSuffix(name, ".html") {
			switch {
			case under(name, workers):
				c.Set(fiber.HeaderContentSecurityPolicy, workerPolicy)
				fallthrough
			case under(name, "/assets"): // their names carry a hash of their content
				c.Set(fiber.HeaderCacheControl, "public, max-age=31536000, immutable")
			case under(name, programsPath): // one fits the other, of the same release
				c.Set(fiber.HeaderCacheControl, "no-cache")
			default:
				c.Set(fiber.HeaderCacheControl, "public, max-age=3600")
			}
			return f.send(c)
		}
		if p, ok := programs[name]; ok {
			return p.send(c)
		}
		if under(name, oldPlaces...) {
			switch to, err := s.redirect(c, name); {
			case err != nil:
				return err
			case to != "":
				c.Set(fiber.HeaderCacheControl, "public, max-age=3600")
				return c.Redirect(to, http.StatusMovedPermanently)
			}
		}
		page := "/index.html"
		if under(name, "/desk", "/office", "/polling", "/help-desk") || name == "/staff.html" {
			page = "/staff.html"
		}
		f, ok := files[page]
		if !ok || under(name, "/assets", programsPath) {
			return fiber.ErrNotFound
		}
		c.Set(fiber.HeaderContentSecurityPolicy, policy)
		c.Set(fiber.HeaderCacheControl, "no-cache")
		return s.sendPage(c, page, f)
	}
}

// oldPlaces are below which the services that a city had before kept their
// pages.
var oldPlaces = []string{"/processes"}

// redirect is where an address of an earlier service leads; empty: nowhere.
func (s *Server) redirect(c *fiber.Ctx, old string) (string, error) {
	if s.config.Decidim == nil {
		return "", nil
	}
	to, err := s.config.Decidim.Redirect(c.UserContext(), old)
	if domain.KindOf(err) == domain.NotFound {
		return "", nil
	}
	return to, err
}

// readFiles takes everything but dot-files, and makes it the city's.
func (s *Server) readFiles() map[string]*file {
	dir, files := s.config.Pages, map[string]*file{}
	err := fs.WalkDir(dir, ".", func(name string, e fs.DirEntry, err error) error {
		if err != nil || e.IsDir() || strings.HasPrefix(path.Base(name), ".") || path.Ext(name) == ".br" {
			return err
		}
		plain, err := fs.ReadFile(dir, name)
		switch {
		case path.Ext(name) == ".html":
			plain = s.ofCity(plain)
		case name == "robots.txt":
			plain = append(plain, "Sitemap: "+s.origin()+sitemapPath+"\n"...)
		}
		f := newFile(name, plain)
		// The build has compressed what does not change, better than there is time
		// for here.
		if small, err := fs.ReadFile(dir, name+".br"); err == nil {
			f.brotli = func() []byte { return small }
		}
		files["/"+name] = f
		return err
	})
	if err != nil {
		panic(err) // the pages are embedded
	}
	files[manifestPath] = s.webManifest()
	if logo := s.config.City.Logo; len(logo) > 0 {
		files[logoPath] = newFile(logoPath, logo)
	}
	for i, h := range s.config.City.Helpers {
		if len(h.Photo) > 0 {
			f := newFile("", h.Photo)
			f.kind = http.DetectContentType(h.Photo)
			files[photoPath(i)] = f
		}
	}
	if font := s.config.City.Font; len(font) > 0 {
		files[fontPath] = newFile(fontPath, font)
		files[fontSheet] = newFile(fontSheet, []byte(fontFace))
	}
	return files
}

// under tells whether the address is one of these or lies below it.
func under(name string, places ...string) bool {
	for _, place := range places {
		if name == place || strings.HasPrefix(name, place+"/") {
			return true
		}
	}
	return false
}
