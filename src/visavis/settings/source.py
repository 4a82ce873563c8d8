"""Where settings come from: the variables that each field names, and nothing else."""

from __future__ import annotations

from typing import Annotated, Any, TypeAlias

from pydantic import AfterValidator, AliasChoices, Field
from pydantic_settings import BaseSettings, DotEnvSettingsSource, PydanticBaseSettingsSource, SettingsConfigDict

from visavis.core.web_address import web_address

WebAddress: TypeAlias = Annotated[str, AfterValidator(web_address)]
"""The address of a service, `http` or `https`; every setting with one is of this type."""


class NamedOnly(DotEnvSettingsSource):
    """A `.env` file of which only the variables count, never the names of fields."""

    def __call__(self) -> dict[str, Any]:
        """The values, by variable."""
        self.config = SettingsConfigDict(**{**self.config, "populate_by_name": False})
        return {key: value for key, value in super().__call__().items() if key not in self.settings_cls.model_fields}


class FromEnvironment(BaseSettings):
    """Read from the variables that each field names, and from no others: a field `home` is not `$HOME`."""

    model_config = SettingsConfigDict(
        frozen=True,
        extra="ignore",
        env_file=".env",
        env_file_encoding="utf-8",
        env_ignore_empty=True,
        populate_by_name=True,
    )

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Arguments, then the environment, then `.env`; names of fields count in arguments only."""
        env_settings.config = SettingsConfigDict(**{**env_settings.config, "populate_by_name": False})
        return init_settings, env_settings, NamedOnly(settings_cls)


def variable(default: Any, *names: str, description: str, **limits: Any) -> Any:
    """A field that is read from the environment variables `names`, the first one that is set."""
    return Field(default, validation_alias=AliasChoices(*names), description=description, **limits)
