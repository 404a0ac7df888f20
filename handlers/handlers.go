// Package handlers is the HTTP side: it decodes a request, calls one service,
// and encodes the answer. The contract is api/contract; one file a feature
// implements its operations.
package handlers

import (
	"context"
	"crypto/rand"
	"io/fs"
	"log/slog"
	"net/netip"
	"net/url"
	"runtime/debug"
	"slices"
	"strings"
	"time"

	"github.com/gofiber/fiber/v2"
	"github.com/gofiber/fiber/v2/middleware/adaptor"
	"github.com/gofiber/fiber/v2/middleware/compress"
	"github.com/gofiber/fiber/v2/middleware/recover"
	"github.com/valyala/fasthttp"

	"osbu/domain"
	"osbu/domain/account"
	"osbu/domain/box"
	"osbu/domain/city"
	"osbu/domain/equality"
	"osbu/domain/event"
	"osbu/domain/picture"
	"osbu/domain/post"
	"osbu/domain/proposal"
	"osbu/domain/record"
	"osbu/domain/roll"
	"osbu/domain/round"
	"osbu/handlers/api"
)

// Config is what a Server needs. Each feature adds its service.
type Config struct {
	Accounts  *account.Service
	Rounds    *round.Service
	Proposals *proposal.Service
	Events    *event.Service
	Equality  *equality.Service
	Post      *post.Service
	Records   *record.Service
	Roll      *roll.Service
	Box       *box.Service

	City      city.City
	PublicURL *url.URL // where people reach the site
	SignIn    SignIn
	Sealer    domain.Sealer
	Limits    Limits
	// TrustedProxies may say in X-Forwarded-For whom they speak for; without
	// them the connection's address counts.
	TrustedProxies []netip.Prefix
	RequestTimeout time.Duration
	Pages          fs.FS // the built frontend
	Map            Map
	Databases      []Database
	Metrics        *Metrics
	MetricsApart   bool // somebody else shows them
	Release        Release
	Log            *slog.Logger
	Now            func() time.Time
}

var _ api.StrictServerInterface = (*Server)(nil)

// Server implements the contract.
type Server struct {
	config Config
	signIn *provider
	limits limiters
	app    *fiber.App
	health health
}

// Sizes of bodies in bytes. Only lists of projects, sheets and images are long.
const (
	largestImport = 16 << 20
	largestBody   = 1 << 20
	largestBallot = 64 << 10
)

// connections is how many may be open, most of them idle between two requests;
// each holds some 10 KiB then. One more is closed with a 503.
const connections = 16 << 10

// Lists of projects, and sheets with what is chosen of them.
const (
	importPath    = "/import"
	estimatesPath = "/estimates"
)

func takesList(path string) bool {
	return strings.HasSuffix(path, importPath) || strings.HasSuffix(path, estimatesPath)
}

// imagesPath takes an image's bytes as they are.
const imagesPath = "/images"

// Steps of a round: to close, count and publish a large city's vote takes its
// time, and begins anew if it is broken off.
const (
	stepsPath   = "/steps"
	stepTimeout = 10 * time.Minute
)

// Keys of a request's locals.
const (
	localRequestID = "request"
	localOperation = "operation"
	localStack     = "stack"
)

// New makes a Server; its App serves.
func New(c Config) *Server {
	s := &Server{config: c}
	s.signIn = newProvider(c.SignIn, c.PublicURL, c.Now)
	s.limits = newLimiters(c.Limits, c.Now)
	s.app = fiber.New(fiber.Config{
		AppName:               "osbu",
		BodyLimit:             largestImport,
		CaseSensitive:         true,
		Concurrency:           connections,
		DisableStartupMessage: true,
		ErrorHandler:          s.renderProblem,
		Immutable:             true, // services keep strings after the request's buffers are used again
		JSONDecoder:           new(shapes).decode,
		ReadTimeout:           30 * time.Second,
		ReduceMemoryUsage:     true, // reads a first byte before it calls a connection active; else one that a browser opened ahead of need holds up the stop
		WriteTimeout:          60 * time.Second,
		IdleTimeout:           75 * time.Second,
		ReadBufferSize:        16 << 10, // headers; sealed sign-in cookies are long
		StrictRouting:         true,

		DisablePreParseMultipartForm: true, // nothing here takes forms
	})
	s.app.Server().CloseOnShutdown = true
	s.app.Server().HeaderReceived = func(h *fasthttp.RequestHeader) (c fasthttp.RequestConfig) {
		switch path, _, _ := strings.Cut(string(h.RequestURI()), "?"); { // what is only a little too long is read, so that its sender surely hears of the refusal
		case strings.HasPrefix(path, "/box/"):
			c.MaxRequestBodySize = 2 * largestBallot
		case !takesList(path) && !strings.HasSuffix(path, imagesPath):
			c.MaxRequestBodySize = 2 * largestBody
		}
		return c
	}
	s.routes()
	return s
}

// App is the Fiber application.
func (s *Server) App() *fiber.App { return s.app }

func (s *Server) routes() {
	s.app.Use(s.begin)
	s.app.Use(s.measure)
	s.app.Use(recover.New(recover.Config{EnableStackTrace: true, StackTraceHandler: func(c *fiber.Ctx, _ any) {
		c.Locals(localStack, string(debug.Stack()))
	}}))
	s.app.Use(s.secure)
	s.app.Get("/healthz", s.alive)
	s.app.Get("/readiness", s.ready)
	if !s.config.MetricsApart {
		s.app.Get("/metrics", adaptor.HTTPHandler(s.config.Metrics.Handler()))
	}
	s.app.Get("/api/v1/openapi.yaml", func(c *fiber.Ctx) error {
		c.Set(fiber.HeaderContentType, "application/yaml")
		return c.Send(api.Document)
	})
	s.app.Post("/box/v1/rounds/:round/ballots", newTurnstile("CastBallot", s.config.Limits.Casting).pass)
	s.app.Post(
		"/api/v1/rounds/:round/papers/:paper/credential",
		newTurnstile("IssueCredential", s.config.Limits.Issuing).pass,
	)
	s.app.Use("/api/v1/rounds", compress.New(compress.Config{Level: compress.LevelBestSpeed, Next: isBetterPlain}))
	s.app.Use("/api/", checkBody, s.enterOffice)
	s.app.Use("/box/", checkBody, enterBox)
	s.app.Get("/box/v1/rounds/:round/tile/*", s.tile)
	s.app.Get("/box/v1/rounds/:round/receipts/:commit", s.receipts)
	api.RegisterHandlers(s.app, api.NewStrictHandler(s, []api.StrictMiddlewareFunc{checkShapes()}))
	s.app.Use(s.pages())
	s.app.Server().Handler = s.onlyMethods(s.app.Server().Handler)
}

// onlyMethods refuses methods that HTTP does not know, before Fiber answers
// them in plain text.
func (s *Server) onlyMethods(next fasthttp.RequestHandler) fasthttp.RequestHandler {
	return func(r *fasthttp.RequestCtx) {
		if slices.Contains(fiber.DefaultMethods, string(r.Method())) {
			next(r)
			return
		}
		c := s.app.AcquireCtx(r)
		defer s.app.ReleaseCtx(c)
		if s.renderProblem(c, fiber.ErrMethodNotAllowed) != nil {
			r.SetStatusCode(fiber.StatusMethodNotAllowed)
		}
	}
}

// begin gives the request its number and its deadline. UserContext is
// Background until somebody sets it.
func (s *Server) begin(c *fiber.Ctx) error {
	c.Locals(localRequestID, rand.Text())
	c.Set("X-Request-Id", requestID(c))
	timeout := s.config.RequestTimeout
	if strings.HasSuffix(c.Path(), stepsPath) {
		timeout = max(timeout, stepTimeout)
	}
	ctx, cancel := context.WithTimeout(context.Background(), timeout)
	defer cancel()
	c.SetUserContext(ctx)
	return c.Next()
}

// requestID never comes from the client: the office and the box must not be
// joined by it.
func requestID(c *fiber.Ctx) string {
	id, ok := c.Locals(localRequestID).(string)
	if !ok { // fasthttp refused the request before any middleware
		id = rand.Text()
		c.Locals(localRequestID, id)
	}
	return id
}

// routeOf is the pattern of the route: it names no round, person or ballot.
func routeOf(c *fiber.Ctx) string {
	if path := c.Route().Path; strings.HasPrefix(path, "/") && c.Route().Method != "" {
		return path
	}
	return "/"
}

// isBetterPlain keeps answers about a person from being compressed, whose
// length must not depend on what is in them, and those that are compressed
// already.
func isBetterPlain(c *fiber.Ctx) bool {
	path := c.Path()
	return !isRead(c) || strings.HasSuffix(path, "/rights") || strings.HasSuffix(path, "/record") ||
		strings.HasSuffix(path, "/record/withheld") ||
		strings.Contains(path, "/proposals.") ||
		strings.Contains(path, imagesPath+"/")
}

// checkBody refuses bodies that are too long for their route, compressed, or
// not JSON.
func checkBody(c *fiber.Ctx) error {
	length := len(c.Request().Body())
	largest := largestBody
	switch path := c.Path(); {
	case strings.HasPrefix(path, "/box/"):
		largest = largestBallot
	case takesList(path):
		largest = largestImport
	case takesImage(c):
		largest = picture.Largest
	}
	switch {
	case length > largest:
		return fiber.ErrRequestEntityTooLarge
	case len(c.Request().Header.ContentEncoding()) > 0: // Fiber would unpack it without a limit
		return errMediaType
	case c.Path() == oneClickPath: // what a mail program sends there says nothing (RFC 8058 §3.2), and nobody reads it
	case takesImage(c): // what it is its bytes tell
		if kind := c.Get(fiber.HeaderContentType); length > 0 && kind != fiber.MIMEOctetStream {
			return errMediaType
		}
	case length > 0 && !isJSON(c.Get(fiber.HeaderContentType)):
		return errMediaType
	}
	return c.Next()
}

func takesImage(c *fiber.Ctx) bool {
	return c.Method() == fiber.MethodPost && strings.HasSuffix(c.Path(), imagesPath)
}

func isJSON(contentType string) bool {
	kind, _, _ := strings.Cut(contentType, ";")
	return strings.EqualFold(strings.TrimSpace(kind), fiber.MIMEApplicationJSON)
}
