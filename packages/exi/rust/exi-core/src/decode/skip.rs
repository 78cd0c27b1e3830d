//! A sink for timing and for checking streams.

use super::{Opening, Sink};
use crate::error::Result;
use crate::names::{Names, QRef};
use crate::tables::{Codec, Production};
use crate::value::Value;

/// A sink that takes everything and keeps nothing.
#[derive(Clone, Copy, Debug, Default)]
pub struct Skip;

impl<'d> Sink<'d> for Skip {
    type Node = ();

    fn leaf(&mut self, (): &mut (), _: &Production, _: Value<'d>) -> Result<()> {
        Ok(())
    }

    fn open(&mut self, (): &mut (), _: &Opening<'_>) -> Result<()> {
        Ok(())
    }

    fn close(&mut self, (): &mut (), (): &mut (), _: Option<&Production>) -> Result<()> {
        Ok(())
    }

    fn attribute(
        &mut self,
        (): &mut (),
        _: Option<&Production>,
        _: (&Names<'_>, QRef),
        _: &Codec,
        _: Value<'d>,
    ) -> Result<()> {
        Ok(())
    }

    fn text(&mut self, (): &mut (), _: &Codec, _: Value<'d>, _: bool) -> Result<()> {
        Ok(())
    }

    fn retype(&mut self, (): &mut (), _: u32, _: (&Names<'_>, QRef)) -> Result<()> {
        Ok(())
    }

    fn nil(&mut self, (): &mut (), _: bool) -> Result<()> {
        Ok(())
    }
}
