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
	rescue "github.com/gofiber/fiber/v2/middleware/recover"
	"github.com/valyala/fasthttp"

	"osbu/domain"
	"osbu/domain/account"
	"osbu/domain/area"
	"osbu/domain/box"
	"osbu/domain/city"
	"osbu/domain/decidim"
	"osbu/domain/delivery"
	"osbu/domain/equality"
	"osbu/domain/event"
	"osbu/domain/helpdesk"
	"osbu/domain/ledger"
	"osbu/domain/paper"
	"osbu/domain/person"
	"osbu/domain/polling"
	"osbu/domain/post"
	"osbu/domain/proposal"
	"osbu/domain/proposal/assisted"
	"osbu/domain/proposal/authorship"
	"osbu/domain/proposal/desk"
	"osbu/domain/proposal/discussion"
	"osbu/domain/proposal/enquiry"
	"osbu/domain/proposal/estimate"
	"osbu/domain/proposal/gallery"
	"osbu/domain/proposal/interest"
	"osbu/domain/proposal/merge"
	"osbu/domain/proposal/project"
	"osbu/domain/proposal/translation"
	"osbu/domain/record"
	"osbu/domain/reminder"
	"osbu/domain/roll"
	"osbu/domain/round"
	"osbu/domain/staff"
	"osbu/domain/statistics"
	"osbu/handlers/api"
)

// Config is what a Server needs. Each feature adds its service.
type Config struct {
	Accounts     *account.Service
	Persons      *person.Service
	Rounds       *round.Service
	Proposals    *proposal.Service
	Enquiries    *enquiry.Service
	Interest     *interest.Service
	Discussion   *discussion.Service
	Authorship   *authorship.Service
	Gallery      *gallery.Service
	Projects     *project.Service
	Assisted     *assisted.Service
	Desk         *desk.Service
	Estimates    *estimate.Service
	Translations *translation.Service
	Merges       *merge.Service
	Events       *event.Service
	Equality     *equality.Service
	Statistics   *statistics.Service
	Deliveries   *delivery.Service
	Decidim      *decidim.Service // where old addresses lead; nil: nowhere
	Ledger       *ledger.Service
	Areas        *area.Service
	Paper        *paper.Service
	Polling      *polling.Service
	HelpDesk     *helpdesk.Service
	Staff        *staff.Service
	Post         *post.Service
	Reminders    *reminder.Service
	Records      *record.Service
	Roll         *roll.Service
	Box          *box.Service
	OneCluster   bool // votes may open where office and box share a cluster: pages say so

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
	Programs       fs.FS // what a round is checked with; nil: none
	Map            Map
	Embedders      Embedders
	Databases      []Database
	Metrics        *Metrics
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

	operations *operations
	bodies     *bodies
	turnstiles map[Crowd]turnstile
	exports    *exports
	published  published
	refusals   *refusals
}

// connections is how many may be open, most of them idle between two requests;
// each holds some 10 KiB then. One more is closed with a 503.
const connections = 16 << 10

// searchPatience is how long a search waits for its turn.
const searchPatience = 10 * time.Second

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
	s.operations = newOperations(api.Operations, beyond)
	s.bodies = newBodies(time.Now)
	s.exports = newExports()
	s.refusals = newRefusals()
	s.turnstiles = map[Crowd]turnstile{
		Casting:   newTurnstile(c.Limits.Casting).quick(),
		Issuing:   newTurnstile(c.Limits.Issuing).quick(),
		Searching: newTurnstile(c.Limits.Searching).patient(searchPatience),
	}
	s.app = fiber.New(fiber.Config{
		AppName:               "osbu",
		BodyLimit:             listBody,
		CaseSensitive:         true,
		Concurrency:           connections,
		DisableStartupMessage: true,
		ErrorHandler:          s.renderProblem,
		Immutable:             true, // services keep strings after the request's buffers are used again
		JSONDecoder:           new(shapes).decode,
		ReadTimeout:           readTimeout,
		// reads a first byte before it calls a connection active; else one that a
		// browser opened ahead of need holds up the stop
		ReduceMemoryUsage: true,
		WriteTimeout:      60 * time.Second,
		IdleTimeout:       75 * time.Second,
		ReadBufferSize:    16 << 10, // headers; sealed sign-in cookies are long
		StrictRouting:     true,

		DisablePreParseMultipartForm: true, // nothing here takes forms
	})
	s.app.Server().CloseOnShutdown = true
	s.app.Server().HeaderReceived = s.announced
	s.routes()
	return s
}

// App is the Fiber application.
func (s *Server) App() *fiber.App { return s.app }

func (s *Server) routes() {
	s.app.Use(s.begin)
	s.app.Use(s.measure)
	s.app.Use(rescue.New(rescue.Config{EnableStackTrace: true, StackTraceHandler: func(c *fiber.Ctx, _ any) {
		c.Locals(localStack, string(debug.Stack()))
	}}))
	s.app.Use(s.secure)
	s.app.Get("/healthz", s.alive)
	s.app.Get("/readiness", s.ready)
	s.app.Get("/api/v1/openapi.yaml", func(c *fiber.Ctx) error {
		c.Set(fiber.HeaderContentType, "application/yaml")
		return c.Send(api.Document)
	})
	s.app.Get(docsPath, s.docs)
	s.apply()
	s.app.Get("/box/v1/rounds/:round/tile/*", s.tile)
	api.RegisterHandlers(s.app, api.NewStrictHandler(s, []api.StrictMiddlewareFunc{checkShapes()}))
	s.app.Use(answerFresh, s.pages())
	s.app.Server().Handler = s.counted(s.onlyMethods(s.app.Server().Handler))
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

// begin gives the request its number, its operation and its deadline.
// UserContext is Background until somebody sets it.
func (s *Server) begin(c *fiber.Ctx) error {
	c.Locals(localRequestID, rand.Text())
	c.Set("X-Request-Id", requestID(c))
	if o := s.operations.find(c.Method(), c.Path()); o != nil {
		c.Locals(localOperation, o)
	}
	timeout := max(s.config.RequestTimeout, policyOf(c).Deadline)
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
