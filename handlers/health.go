package handlers

import (
	"context"
	"net/http"
	"sync/atomic"
	"time"

	"github.com/gofiber/fiber/v2"
)

// Database is one that must answer for the server to be ready.
type Database struct {
	Name string
	Ping func(context.Context) error
}

// Release says what is running.
type Release struct{ Version, Commit string }

type health struct{ draining atomic.Bool }

// Drain makes the server unready, so that no new visitors are sent to it; those
// that come are still served.
func (s *Server) Drain() { s.health.draining.Store(true) }

// alive is /healthz: the process runs.
func (s *Server) alive(c *fiber.Ctx) error {
	c.Set(fiber.HeaderCacheControl, "no-store")
	return c.SendString("ok\n")
}

type readiness struct {
	Status    string            `json:"status"` // ready, draining or unready
	Release   string            `json:"release"`
	Commit    string            `json:"commit"`
	Databases map[string]string `json:"databases"` // ok or unreachable, by name
}

// ready is /readiness: the databases answer and the server is not on its way
// out. The sign-in provider does not count, because voting codes and reading
// work without it.
func (s *Server) ready(c *fiber.Ctx) error {
	answer := readiness{
		Status:    "ready",
		Release:   s.config.Release.Version,
		Commit:    s.config.Release.Commit,
		Databases: map[string]string{},
	}
	ctx, cancel := context.WithTimeout(c.UserContext(), 3*time.Second)
	defer cancel()
	for _, d := range s.config.Databases {
		answer.Databases[d.Name] = "ok"
		if d.Ping(ctx) != nil {
			answer.Databases[d.Name] = "unreachable"
			answer.Status = "unready"
		}
	}
	if s.health.draining.Load() {
		answer.Status = "draining"
	}
	if answer.Status != "ready" {
		c.Status(http.StatusServiceUnavailable)
	}
	c.Set(fiber.HeaderCacheControl, "no-store")
	return c.JSON(answer)
}
