package record

import (
	"crypto/rsa"
	"crypto/sha512"
	"math/big"
	"math/rand/v2"
	"sync"
)

// issuer signs credentials with an RSA key that nobody may ever use: its 2048
// bits are sixteen primes of 128 bits, so that signing takes a fortieth of the
// time and a hundred thousand credentials are made while one waits. Whoever
// verifies cannot tell.
type issuer struct {
	public    rsa.PublicKey
	primes    []*big.Int
	exponents []*big.Int // d mod p−1
	parts     []*big.Int // 1 modulo p, 0 modulo the others
}

const exponent = 65537

// issuers are made once, for two papers.
var issuers = sync.OnceValue(func() []*issuer {
	random := rand.NewChaCha8([32]byte{9})
	return []*issuer{newIssuer(random), newIssuer(random)}
})

func newIssuer(random *rand.ChaCha8) *issuer {
	i := &issuer{public: rsa.PublicKey{N: big.NewInt(1), E: exponent}}
	e := big.NewInt(exponent)
	for len(i.primes) < 16 {
		b := make([]byte, 16)
		_, _ = random.Read(b)
		b[0], b[15] = 0xff, b[15]|1 // so that the product has all its bits
		p := new(big.Int).SetBytes(b)
		d := new(big.Int).ModInverse(e, new(big.Int).Sub(p, big.NewInt(1)))
		if d == nil || !p.ProbablyPrime(10) {
			continue
		}
		i.primes, i.exponents = append(i.primes, p), append(i.exponents, d)
		i.public.N.Mul(i.public.N, p)
	}
	for _, p := range i.primes {
		others := new(big.Int).Div(i.public.N, p)
		i.parts = append(i.parts, new(big.Int).Mul(others, new(big.Int).ModInverse(others, p)))
	}
	return i
}

// sign is RSASSA-PSS with SHA-384 (RFC 8017 §8.1.1 and §9.1.1) over a message,
// with this salt of 48 bytes.
func (i *issuer) sign(message, salt []byte) []byte {
	digest := sha512.Sum384(message)
	h := sha512.Sum384(append(append(make([]byte, 8), digest[:]...), salt...))
	db := make([]byte, credentialLength-len(h)-1)
	db[len(db)-len(salt)-1] = 1
	copy(db[len(db)-len(salt):], salt)
	for counter, at := byte(0), 0; at < len(db); counter++ { // MGF1
		mask := sha512.Sum384(append(h[:], 0, 0, 0, counter))
		for k := 0; k < len(mask) && at < len(db); k, at = k+1, at+1 {
			db[at] ^= mask[k]
		}
	}
	db[0] &= 0x7f
	m := new(big.Int).SetBytes(append(append(db, h[:]...), 0xbc))
	s := new(big.Int)
	for k, p := range i.primes {
		s.Add(s, new(big.Int).Mul(i.parts[k], new(big.Int).Exp(new(big.Int).Mod(m, p), i.exponents[k], p)))
	}
	return s.Mod(s, i.public.N).FillBytes(make([]byte, credentialLength))
}
